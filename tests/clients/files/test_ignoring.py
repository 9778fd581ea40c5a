"""Docker's rules and git's differ; here they stand side by side, git's proved by git itself."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.clients.files.git_ignores import rule_of, unchanged
from tui.clients.files.ignoring import IgnoreRules, deciding_line, load_rules
from tui.clients.files.patterns import docker_rules, helm_rules

NO_RULES = IgnoreRules((), "")
TABLE = [
    # rules, path, Docker ignores it, git ignores it
    ("*.log", "a.log", True, True),
    ("*.log", "deep/a.log", False, True),
    ("**/*.log", "deep/er/a.log", True, True),
    ("**/*.log", "a.log", True, True),
    ("/a.txt", "a.txt", True, True),
    ("/a.txt", "deep/a.txt", False, False),
    ("a.txt", "deep/a.txt", False, True),
    ("build", "build/x/y.o", True, True),
    ("build", "src/build/y.o", False, True),
    ("build/", "build/y.o", True, True),
    ("build/", "build", True, False),
    ("./build", "build/y.o", True, False),
    ("src/../build", "build/y.o", True, False),
    ("build\n!build/keep.txt", "build/keep.txt", False, True),
    ("build/*\n!build/keep.txt", "build/keep.txt", False, False),
    ("*\n!app.py", "app.py", False, False),
    ("*\n!src/app.py", "src/app.py", False, True),
    ("!a.txt\n*.txt", "a.txt", True, True),
    ("*.txt\n!*.txt\na.txt", "a.txt", True, True),
    ("a?c", "abc", True, True),
    ("a?c", "a/c", False, False),
    ("[ab].py", "a.py", True, True),
    ("[a-c]*.py", "beta.py", True, True),
    ("  a.txt  ", "a.txt", True, False),
    ("#a.txt", "#a.txt", False, False),
    ("\\#a.txt", "#a.txt", True, True),
    ("docs/**", "docs/a/b.md", True, True),
    ("docs/**/b.md", "docs/b.md", True, True),
    ("docs/*/b.md", "docs/b.md", False, False),
    ("**", "any/thing", True, True),
    ("**/node_modules", "a/node_modules/x.js", True, True),
    ("A.TXT", "a.txt", False, False),
    ("foo bar.txt", "foo bar.txt", True, True),
    ("naïve*", "naïve 🎉.txt", True, True),
]


@pytest.mark.parametrize(("rules", "path", "docker", "git"), TABLE)
def test_docker_decides_as_the_table_says(rules: str, path: str, docker: bool, git: bool) -> None:
    assert bool(deciding_line(docker_rules(rules), path)) == docker


@pytest.mark.parametrize(("rules", "path", "docker", "git"), TABLE)
def test_git_decides_as_the_table_says(
    rules: str, path: str, docker: bool, git: bool, tmp_path: Path
) -> None:
    assert bool(rule_of(path, _git_rules(tmp_path, rules).git)) == git


@pytest.mark.integration
@pytest.mark.parametrize(("rules", "path", "docker", "git"), TABLE)
def test_git_itself_agrees_with_the_table(
    rules: str, path: str, docker: bool, git: bool, tmp_path: Path
) -> None:
    _repository(tmp_path, rules, path)
    assert _git_ignores(tmp_path, path) == git


names = st.sampled_from(["a", "b", "ab", "x.log", "src", "build"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
globs = st.lists(
    st.sampled_from(["a", "b", "*", "**", "?", "src", "*.log"]), min_size=1, max_size=3
)
git_lines = st.tuples(
    st.sampled_from(["", "!", "/"]), globs.map("/".join), st.sampled_from(["", "/"])
).map("".join)


@pytest.mark.integration
@settings(max_examples=60, deadline=None)
@given(st.lists(git_lines, min_size=1, max_size=4), paths)
def test_whatever_the_rules_git_and_we_agree(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], path: str
) -> None:
    folder = tmp_path_factory.mktemp("repository")
    _repository(folder, "\n".join(lines), path)
    assert bool(rule_of(path, load_rules(folder).git)) == _git_ignores(folder, path)


def test_nested_gitignores_count_below_their_folder_and_the_deeper_one_wins(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / "src" / ".gitignore").write_text("# ours\n!keep.log\n*.tmp2\n")
    rules = load_rules(tmp_path)
    assert rules.ignored_by("src/a.log") == ".gitignore:1"
    assert rules.ignored_by("src/keep.log") == ""
    assert rules.ignored_by("src/a.tmp2") == "src/.gitignore:3"
    assert rules.ignored_by("a.tmp2") == ""


@pytest.mark.integration
@settings(max_examples=40, deadline=None)
@given(
    st.lists(git_lines, max_size=3),
    st.lists(git_lines, max_size=3),
    st.lists(git_lines, max_size=2),
    paths,
)
def test_git_and_we_agree_below_the_top_of_a_checkout(
    tmp_path_factory: pytest.TempPathFactory,
    at_the_top: list[str],
    between: list[str],
    excluded: list[str],
    path: str,
) -> None:
    top = tmp_path_factory.mktemp("monorepo")
    project = top / "src" / "ab"
    project.mkdir(parents=True)
    _repository(project, "", path)
    (project / ".git").rename(top / ".git")
    (top / ".gitignore").write_text("\n".join(at_the_top))
    (top / "src" / ".gitignore").write_text("\n".join(between))
    (top / ".git" / "info" / "exclude").write_text("\n".join(excluded))
    rules = load_rules(project)
    whole = any(_git_ignores(top, folder) for folder in ("src", "src/ab"))
    assert bool(rule_of(path, rules.git)) == (_git_ignores(project, path) and not whole)


def test_rules_from_above_and_of_the_user_are_told_by_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    own = tmp_path / "home" / ".config" / "git" / "ignore"
    own.parent.mkdir(parents=True)
    own.write_text("*.scratch\n")
    project = tmp_path / "monorepo" / "services" / "api"
    project.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path / "monorepo"], check=True)
    (tmp_path / "monorepo" / ".gitignore").write_text("\n/services/api/out/\n")
    (tmp_path / "monorepo" / ".git" / "info" / "exclude").write_text("mine.txt\n")
    rules = load_rules(project)
    assert rules.ignored_by("out/a.js") == "../../.gitignore:2"
    assert rules.ignored_by("mine.txt") == "../../.git/info/exclude:1"
    assert rules.ignored_by("a.scratch") == "~/.config/git/ignore:1"
    assert rules.ignored_by("app.py") == ""
    assert unchanged(rules.elsewhere)
    (tmp_path / "monorepo" / "services" / ".gitignore").write_text("*.map\n")
    assert not unchanged(rules.elsewhere)


def test_a_project_that_its_checkout_ignores_is_looked_after_all_the_same(tmp_path: Path) -> None:
    project = tmp_path / "scratch" / "toy"
    project.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("scratch/\n")
    (project / ".gitignore").write_text("out\n")
    rules = load_rules(project)
    assert rules.ignored_by("app.py") == ""
    assert rules.ignored_by("out") == ".gitignore:1"


@pytest.mark.parametrize(
    ("rules", "path", "ignored"),
    [
        ("*.tmp3", "deep/a.tmp3", True),
        ("/a.txt", "deep/a.txt", False),
        ("cache/", "cache/x", True),
        ("cache/", "cache", False),
        ("src/*.py", "src/a.py", True),
        ("**/a", "x/a", False),
        ("*.txt\n!keep.txt", "keep.txt", False),
    ],
)
def test_draftignore_follows_helm(rules: str, path: str, ignored: bool) -> None:
    assert bool(deciding_line(helm_rules(rules), path)) == ignored


def test_a_dockerignore_of_the_dockerfile_goes_before_the_common_one(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("a\n")
    (tmp_path / "Dockerfile.dockerignore").write_text("\n\nb\n")
    rules = load_rules(tmp_path)
    assert rules.out_of_context("a") == ""
    assert rules.out_of_context("b") == "Dockerfile.dockerignore:3"


def test_what_editors_leave_for_a_moment_wakes_no_one_but_is_built(tmp_path: Path) -> None:
    rules = IgnoreRules((), "")
    for path in ("4913", "src/app.py~", ".app.py.swp", ".#app.py", "src/#app.py#"):
        assert rules.ignored_by(path) == "built-in"
        assert rules.out_of_context(path) == ""


def test_without_a_dockerignore_dependencies_and_git_stay_out() -> None:
    rules = IgnoreRules((), "")
    for path in (".git/HEAD", ".venv/bin/python", "web/node_modules/x/y.js"):
        assert rules.out_of_context(path) == "built-in"
    with_file = IgnoreRules((), ".dockerignore")
    assert with_file.out_of_context("web/node_modules/x/y.js") == ""
    assert with_file.out_of_context(".git/HEAD") == "built-in"


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_any_text_makes_rules_that_decide(text: str, path: str) -> None:
    for rules in (docker_rules(text), helm_rules(text)):
        assert deciding_line(rules, path) >= 0


lines = st.sampled_from(
    ["*", "a", "!a", "a/b", "!a/b", "**/b", "!**/b", "a/*", "!a/*", "*/b", "a?", "[ab]", "c/**"]
)
names = st.sampled_from(["a", "b", "c", "ab", ".git", "node_modules"])


@given(st.lists(lines, max_size=6), st.lists(names, min_size=1, max_size=4), st.booleans())
def test_a_folder_judges_what_is_in_it_as_the_rules_do(
    text: list[str], parts: list[str], with_file: bool
) -> None:
    rules = IgnoreRules(docker_rules("\n".join(text)), ".dockerignore") if with_file else NO_RULES
    folder = "".join(f"{part}/" for part in parts[:-1])
    entered = not folder or not rules.out_of_context(folder[:-1]) or rules.takes_back
    if entered:  # the walk asks for no others
        path = folder + parts[-1]
        assert rules.judge_of(folder)(path, parts[-1]) == rules.out_of_context(path)


def _git_rules(folder: Path, text: str) -> IgnoreRules:
    (folder / ".gitignore").write_text(text)
    return load_rules(folder)


def _repository(folder: Path, rules: str, path: str) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".gitignore").write_text(rules)
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def _git_ignores(folder: Path, path: str) -> bool:
    command = ["git", "-c", "core.ignorecase=false", "-C", str(folder), "check-ignore", "-q", path]
    return subprocess.run(command, check=False).returncode == 0
