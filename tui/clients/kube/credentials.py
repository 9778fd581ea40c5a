"""From a context to what every request carries, by kubernetes.aio's reading of kubeconfigs.

Importing this costs half a second (kubernetes.aio loads its models): `session` does it in a thread.
Tokens, client certificates, OIDC and GCP providers, proxies and TLS names are
the library's work; plugins are run by `plugin`, and token files are read here.
"""

import asyncio
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kubernetes.aio.client import Configuration
from kubernetes.aio.client.rest import RESTClientObject
from kubernetes.aio.config import kube_config
from kubernetes.aio.config.config_exception import ConfigException

from tui.clients.kube.kubeconfig import Context, Kubeconfig
from tui.clients.kube.plugin import run_plugin
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

UNREADABLE = (ConfigException, OSError, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises on entries that are not as they should be; SSLError is an OSError."""


@frozen
class Access:
    """What every request to the API carries."""

    server: str
    headers: Mapping[str, str]
    ssl: ssl.SSLContext
    server_hostname: str | None
    proxy: str | None


class _Loader(kube_config.KubeConfigLoader):
    """The library's loader with our way to run plugins."""

    _user: Any
    _cluster: Any

    async def load_from_exec_plugin(self) -> bool:
        """Set the token or the certificate that the plugin gives; raises FaultError."""
        folder = Path(self._get_base_path(self._cluster.path))
        status = await run_plugin(_plain(self._user["exec"]), _plain(self._cluster), folder)
        if token := status.get("token"):
            self.token = f"Bearer {token}"
        if "clientCertificateData" in status:
            self.cert_file = self._kept(status, "clientCertificateData")
            self.key_file = self._kept(status, "clientKeyData")
        return True

    def _kept(self, status: Mapping[str, Any], name: str) -> Any:
        return kube_config.FileOrData(
            status, None, data_key_name=name, base64_file_content=False
        ).as_file()

    def _load_user_token(self) -> bool:
        """Set the user's token; that of a file comes first, without the white space around it.

        A file may be empty for a moment while a new token is written to it. Without one we would be
        nobody, and what that is forbidden would not bring us to look again.
        """
        if "tokenFile" not in self._user:
            return bool(super()._load_user_token())  # type: ignore[no-untyped-call]
        file = Path(self._get_base_path(self._user.path)) / self._user["tokenFile"]
        token = file.read_text().strip()
        if not token:
            raise ConfigException(f"there is no token in {file}")
        self.token = f"Bearer {token}"
        return True

    @property
    def impersonated(self) -> dict[str, str]:
        """The header for the `as` of the user's entry, as kubectl sends it."""
        user = self._user.safe_get("as")
        return {"Impersonate-User": str(user)} if user else {}


async def load_access(kubeconfig: Kubeconfig, context: Context) -> Access:
    """Return the access that the context gives now; reads the files and runs the plugin anew.

    Raises `FaultError`: `credentials-unusable`, `exec-plugin-missing`, `exec-plugin-failed`.
    """
    try:
        loader = await asyncio.to_thread(_loader, kubeconfig, context)
        configuration = Configuration()
        await loader.load_and_set(configuration)
        return await asyncio.to_thread(_access, configuration, loader)
    except UNREADABLE as error:
        raise FaultError(_unusable(context, error)) from error


def _loader(kubeconfig: Kubeconfig, context: Context) -> _Loader:
    merged = kube_config.KubeConfigMerger(os.pathsep.join(map(str, kubeconfig.paths))).config
    # without a base path, relative ones are meant from the file that holds them
    loader = _Loader(merged, active_context=context.name, config_base_path=None)
    if loader._user is None:  # a server that asks for no credentials, such as `kubectl proxy`
        loader._user = kube_config.ConfigNode("user", {}, merged.path)
    return loader


def _access(configuration: Any, loader: _Loader) -> Access:
    """Build the TLS context; blocking, it reads files.

    Chain and name are verified as kubectl does. Python 3.13 also refuses certificates for lack of
    extensions which the clusters' own authorities do not set; kubectl does not.
    """
    configuration.disable_strict_ssl_verification = True
    context = RESTClientObject(configuration).ssl_context
    kube_config._cleanup_temp_files()  # the library leaves the client's key there until we end
    token = configuration.api_key.get("BearerToken")
    headers = {"Authorization": token} if token else {}
    return Access(
        configuration.host,
        headers | loader.impersonated,
        context,
        configuration.tls_server_name,
        configuration.proxy,
    )


def _plain(node: Any) -> Any:
    """Return what a node of the library's tree holds."""
    return node.value if isinstance(node, kube_config.ConfigNode) else node


def _unusable(context: Context, error: Exception) -> Fault:
    return Fault(
        "credentials-unusable",
        f"the credentials of the context `{context.name}` cannot be used",
        kind="usage",
        evidence=(f"{type(error).__name__}: {error}",),
        remedy="repair the user's entry in the kubeconfig, or log in again",
    )
