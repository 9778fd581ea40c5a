"""Differences of settings between two releases, with what looks secret masked. Pure."""

from tui.backends.masking import masked
from tui.model.images import SettingDifference
from tui.model.releases import ReleaseSpec


def settings_difference(old: ReleaseSpec, new: ReleaseSpec) -> tuple[SettingDifference, ...]:
    """Return the settings that differ, in the order of their names."""
    before, after = _settings(old), _settings(new)
    return tuple(
        SettingDifference(key, _shown(key, before.get(key)), _shown(key, after.get(key)))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _settings(spec: ReleaseSpec) -> dict[str, str]:
    plain = {
        "command": " ".join(spec.command),
        "deadline": f"{spec.deadline:g}",
        "port": str(spec.port),
        "probe-path": spec.probe_path,
        "replicas": str(spec.replicas),
        "stop-grace": f"{spec.stop_grace:g}",
    }
    return plain | {f"env.{name}": value for name, value in spec.env}


def _shown(key: str, value: str | None) -> str:
    if value is None:
        return ""
    return masked(key if key.startswith("env.") else "", value)
