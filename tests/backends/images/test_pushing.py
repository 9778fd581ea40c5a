import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.backends.images.project import Project, dockerfile
from tests.cluster import eventually
from tests.faulty_registry import FaultyRegistry, Rule, faulty_registry
from tests.testbed import docker, remove_images
from tui.backends.images.pusher import ImagePusher
from tui.clients.docker.engine import Engine
from tui.model import events as e
from tui.model.faults import FaultError
from tui.model.images import Image

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
QUICK = (0.0, 0.0, 0.0)
ACCEPTED = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)
"""With the containerd image store, buildx makes an index: the image, and how it was built."""


@pytest.fixture
async def faulty(project: Project, registry: str) -> AsyncIterator[FaultyRegistry]:
    """A way to the registry on which things go wrong; the project's images are named there."""
    async with faulty_registry(registry) as one:
        project.environment = replace(project.environment, registry=one.host)
        yield one
        remove_images(f"{one.host}/{project.environment.name}")


async def built(project: Project, engine: Engine, size: int = 1_000_000) -> Image:
    """Build an image with a layer of its own."""
    project.write({"Dockerfile": dockerfile(f"RUN head -c {size} /dev/urandom > /random")})
    image = await project.build(engine)
    project.told.clear()
    return image


async def pushed(project: Project, engine: Engine, image: Image) -> Image:
    pusher = ImagePusher(engine, delays=QUICK)
    return await pusher.push(image, project.environment, project.steps("push"))


def digest_at(registry: str, image: Image, tag: str) -> str:
    """Ask the registry itself for a tag's digest."""
    return digests_at(registry, image, tag)[0]


def digests_at(registry: str, image: Image, tag: str) -> list[str]:
    """Ask the registry itself for a tag's digest, and those of what is in its index."""
    name = image.name.partition("/")[2]
    request = urllib.request.Request(
        f"http://{registry}/v2/{name}/manifests/{tag}", headers={"Accept": ", ".join(ACCEPTED)}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        told = json.load(response)
        parts = [] if told.get("layers") else [part["digest"] for part in told["manifests"]]
        return [str(response.headers["Docker-Content-Digest"]), *parts]


async def test_layers_are_told_with_bytes_and_the_image_gets_its_digest(
    project: Project, engine: Engine, registry: str, faulty: FaultyRegistry
) -> None:
    image = await pushed(project, engine, await built(project, engine, 20_000_000))
    assert image.digest == digest_at(registry, image, image.tag)
    moved = [event for event in project.events(e.StepProgressed) if event.total >= 20_000_000]
    assert moved
    assert all(event.unit == "B" and event.done <= event.total for event in moved)
    assert any(event.speed > 0 for event in moved)
    assert project.ended()[moved[-1].step] == "done"


async def test_a_builder_that_is_named_pushes_by_itself(
    project: Project, engine: Engine, registry: str, faulty: FaultyRegistry
) -> None:
    own = docker("context", "show").strip()
    project.environment = replace(project.environment, builder=own, custom_tags=("latest",))
    image = await built(project, engine)
    assert digest_at(registry, image, image.tag)
    faulty.seen.clear()
    done = await pushed(project, engine, image)
    assert done.digest == digest_at(registry, image, "latest")
    assert not any("/blobs/uploads/" in seen for seen in faulty.seen)


async def test_a_builder_that_is_named_gives_the_image_to_the_engine_that_runs_it(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    own = docker("context", "show").strip()
    project.environment = replace(project.environment, builder=own, backend="docker")
    image = await built(project, engine)
    assert await engine.has_image(image.reference)
    assert not any("/blobs/uploads/" in seen for seen in faulty.seen)


async def test_what_the_registry_has_is_not_pushed_again(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    first = await pushed(project, engine, image)
    faulty.seen.clear()
    found = await project.build(engine)
    assert await pushed(project, engine, found) == replace(first, cached=True)
    assert not [seen for seen in faulty.seen if not seen.startswith(("GET", "HEAD"))]


async def test_the_registry_is_not_asked_again_for_an_image_built_just_now(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    assert any(image.tag in seen for seen in faulty.seen)
    faulty.seen.clear()
    await pushed(project, engine, image)
    asked = f"/manifests/{image.tag}"
    methods = [seen.split()[0] for seen in faulty.seen if asked in seen]
    assert "PUT" in methods
    assert "GET" not in methods  # a HEAD is containerd's own


async def test_custom_tags_are_pushed_as_well_and_follow_the_image(
    project: Project, engine: Engine, registry: str, faulty: FaultyRegistry
) -> None:
    project.environment = replace(project.environment, custom_tags=("latest", "v1"))
    for _ in range(2):
        image = await pushed(project, engine, await built(project, engine))
        assert digest_at(registry, image, "latest") == image.digest
        assert digest_at(registry, image, "v1") == image.digest


async def test_an_image_that_another_machine_pushed_is_not_built(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await pushed(project, engine, await built(project, engine))
    remove_images(image.name)
    assert await project.build(engine) == replace(image, cached=True)


@pytest.mark.parametrize("buildx", [True, False], ids=["buildx", "without buildx"])
async def test_an_image_that_only_the_registry_has_gets_its_custom_tags(
    project: Project,
    engine: Engine,
    registry: str,
    faulty: FaultyRegistry,
    monkeypatch: pytest.MonkeyPatch,
    *,
    buildx: bool,
) -> None:
    image = await pushed(project, engine, await built(project, engine))
    remove_images(image.name)
    if not buildx:
        monkeypatch.setattr("tui.clients.docker.plugin.find_buildx", lambda environ: "")
    project.environment = replace(project.environment, custom_tags=("latest",))
    found = await project.build(engine)
    assert await pushed(project, engine, found) == found
    latest = digest_at(registry, image, "latest")
    assert latest in digests_at(registry, image, image.tag)[: 1 if buildx else None]


@pytest.mark.parametrize(
    "methods",
    [("HEAD", "GET"), ("PUT",)],
    ids=["asking", "manifest"],
)
async def test_a_registry_that_fails_is_tried_again(
    project: Project, engine: Engine, faulty: FaultyRegistry, methods: tuple[str, ...]
) -> None:
    image = replace(await built(project, engine), cached="HEAD" in methods)
    faulty.rules += [Rule(method, "/manifests/", "fail", times=1) for method in methods]
    faulty.seen.clear()
    assert (await pushed(project, engine, image)).digest
    tried = [seen for seen in faulty.seen if "/manifests/" in seen and seen.startswith(methods)]
    assert len(tried) > len(set(tried))  # containerd tries a manifest again by itself


async def test_a_registry_that_fails_for_good_is_told_in_its_words(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    faulty.rules.append(Rule("PUT", "/manifests/", "fail"))
    with pytest.raises(FaultError) as raised:
        await pushed(project, engine, image)
    fault = raised.value.fault
    assert (fault.code, fault.kind) == ("registry-failed", "unreachable")
    assert "500" in "".join(fault.evidence) or "disk on fire" in "".join(fault.evidence)
    assert len([seen for seen in faulty.seen if seen.startswith("PUT")]) >= 1 + len(QUICK)


async def test_a_registry_that_refuses_is_asked_once(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    faulty.rules.append(Rule("POST", "/blobs/uploads/", "refuse"))
    with pytest.raises(FaultError) as raised:
        await pushed(project, engine, image)
    fault = raised.value.fault
    assert (fault.code, fault.kind) == ("registry-denied", "usage")
    assert f"docker login {faulty.host}" in fault.remedy
    assert not any("again in" in line for line in project.printed())


async def test_a_connection_that_breaks_half_way_is_made_good(
    project: Project, engine: Engine, registry: str, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    faulty.rules.append(Rule("PATCH|PUT", "/blobs/uploads/", "cut", times=1))
    done = await pushed(project, engine, image)
    assert done.digest == digest_at(registry, image, image.tag)


async def test_a_registry_that_is_not_there_is_out_of_reach(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    project.environment = replace(project.environment, registry="127.0.0.1:1")
    image = await built(project, engine)
    try:
        with pytest.raises(FaultError) as raised:
            await pushed(project, engine, image)
    finally:
        remove_images(image.name)
    fault = raised.value.fault
    assert (fault.code, fault.kind) == ("registry-unreachable", "unreachable")
    assert "connection refused" in "".join(fault.evidence)


async def test_a_registry_that_hangs_does_not_hold_the_engine_for_ever(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = replace(await built(project, engine), cached=True)
    faulty.rules.append(Rule("HEAD", "/manifests/", "hang"))
    impatient = Engine(environ=engine.environ, patience=0.5)
    with pytest.raises(FaultError) as raised:
        await pushed(project, impatient, image)
    impatient.close()
    assert (raised.value.fault.code, raised.value.fault.kind) == ("engine-silent", "unreachable")


async def test_a_push_can_be_cancelled_while_the_registry_hangs(
    project: Project, engine: Engine, faulty: FaultyRegistry
) -> None:
    image = await built(project, engine)
    faulty.rules.append(Rule("PATCH|PUT", "/blobs/uploads/", "hang"))
    pushing = asyncio.create_task(pushed(project, engine, image))
    await eventually(lambda: any(seen.startswith(("PATCH", "PUT")) for seen in faulty.seen))
    pushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pushing
