"""Recipes: how the local backend builds and starts a project, with no image and no container.

Arguments and values may hold placeholders, which the backend replaces as plain text inside each
argument (other braces stay as they are):

- `{app}`: the fresh, writable copy of the snapshot that one replica runs from, its working folder;
- `{dependencies}`: the folder shared by all revisions whose manifests and step commands are equal;
- `{port}`: the port this replica has to open on 127.0.0.1, also given as PORT in the environment;
- `{python}`: the interpreter that runs redraft;
- `{PATH}`: the PATH that redraft was started with (in `env` only).

An argument is never handed to a shell by substitution: in `("sh", "-c", text)` the text stays as
it is and reads PORT from the environment.
"""

from tui.model.frozen import frozen


@frozen
class LocalStep:
    """One step of a local build.

    A step with `manifests` installs dependencies: it runs once for each hash of (those files'
    paths and contents, all steps' commands, the interpreter's version), with `{dependencies}` as
    its working folder, after the manifests were copied there from the snapshot under their own
    relative paths. A manifest that the snapshot lacks is left out of both. A step without
    manifests runs in `{app}` for every new revision, after the links were made and before the
    command is started; there is no `{port}` in it.
    """

    name: str
    """Shown in the build panel, such as `pip install -r requirements.txt`."""
    command: tuple[str, ...]
    manifests: tuple[str, ...] = ()
    """Relative to the project folder, with forward slashes."""


@frozen
class LocalRecipe:
    """Everything the local backend has to know about a project's language."""

    pack: str
    steps: tuple[LocalStep, ...]
    """Run in order; the first that fails ends the build; `{dependencies}` is kept only whole."""
    command: tuple[str, ...]
    """The argv that starts one replica in `{app}`."""
    env: tuple[tuple[str, str], ...] = ()
    """Added to the environment of the command and the steps, below draft.toml's own `env`."""
    probe_path: str = ""
    """The HTTP path that answers below 400 when ready; empty to probe by a TCP connection."""
    opens_port: bool = True
    """False for a script or worker that serves nothing: ready as soon as it stays running."""
    links: tuple[tuple[str, str], ...] = ()
    """Symlinks to make before anything runs, as (link relative to `{app}`, target).

    Such as `("node_modules", "{dependencies}/node_modules")`; what the snapshot has there stays.
    """

    @property
    def install_steps(self) -> tuple[LocalStep, ...]:
        """Those that install dependencies, once for each set of manifests."""
        return tuple(step for step in self.steps if step.manifests)

    @property
    def app_steps(self) -> tuple[LocalStep, ...]:
        """Those that run in the app's own folder, for every revision."""
        return tuple(step for step in self.steps if not step.manifests)
