"""A Dask cluster as executor (extra `dist`): parts of the ensemble live on its workers.

Functions are pure and luck is counted, so a part that is lost with its worker is computed again to the same
bits; Dask does that by itself as long as one worker is left. Traffic is as safe as the address: `tls://`
with Dask's own configuration of certificates, where the network is not trusted.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Sequence
from importlib import metadata
from operator import itemgetter
from typing import Any

from safepassage.core.errors import Fault, InputError

PATIENCE_S = 15
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")


class Cluster:
    """`core.executor.Executor` on the workers of a Dask scheduler.

    Parameters
    ----------
    address : str       of the scheduler: tcp://host:port or tls://host:port.

    Raises
    ------
    InputError          if the extra is missing, nobody answers, there is no worker, or workers have another
        version of this package.
    """

    block_s = 1.0

    def __init__(self, address: str) -> None:
        self._address = address
        if not ADDRESS.fullmatch(address):
            raise self._fault("another kind of address", "tcp://host:port or tls://host:port")
        try:
            from distributed import Client
        except ImportError:
            mend = "install the extra: pip install 'safepassage[dist]'"
            raise InputError(Fault("--scheduler", "no Dask here", "the extra `dist`", mend)) from None
        # What goes wrong is raised here and told in one line; Dask's own log would show tracebacks beside it.
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
        try:
            self._client = Client(address, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            found = f"no answer ({type(error).__name__})"
            raise self._fault(found, "a running Dask scheduler") from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            self.close()
            raise self._fault("a scheduler without workers", "at least one worker", "start one") from None
        self._check_versions()
        self.workers = sum(self._client.nthreads().values())

    def send(self, value: Any) -> Any:
        """Hand a value to the cluster so that it outlives any worker.

        It goes as the argument of a task, which the scheduler keeps and runs again if the result is lost. Of
        values that are scattered, to all workers even, Dask keeps one copy only after some seconds.
        """
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            return self._client.submit(_itself, value, pure=False)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Start a function on a worker, where its arguments are."""
        return self._client.submit(function, *arguments, pure=False)

    def items(self, handle: Any, count: int) -> tuple[Any, ...]:
        """Give a future for each item; they stay on the worker."""
        return tuple(self._client.submit(itemgetter(k), handle, pure=False) for k in range(count))

    def fetch(self, handles: Sequence[Any]) -> list[Any]:
        """Bring values here.

        Raises
        ------
        InputError      if the cluster has gone, or the same work was lost with several workers.
        """
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        try:
            client: Any = self._client  # some versions of Dask leave its methods untyped
            return list(client.gather(list(handles)))
        except (KilledWorker, FutureCancelledError, CommClosedError) as error:
            mend = "see to the cluster (memory of its workers, network), then try again with --resume"
            found = f"work was lost ({type(error).__name__})"
            raise self._fault(found, "workers that stay", mend) from None

    def close(self) -> None:
        """Leave the cluster as it was."""
        client: Any = self._client
        client.close(timeout=PATIENCE_S)

    def _check_versions(self) -> None:
        ours = metadata.version("safepassage")
        try:
            theirs = set(self._client.run(_version_here).values())
        except Exception as error:  # whatever a worker raises that cannot import us
            self.close()
            found = f"workers that cannot import safepassage ({type(error).__name__})"
            raise self._fault(found, f"safepassage {ours} on every worker", "install it there") from None
        if theirs != {ours}:
            self.close()
            found = f"workers with safepassage {', '.join(sorted(theirs))}"
            raise self._fault(found, f"safepassage {ours}, as here", "install the same version there")

    def _fault(
        self, found: str, expected: str, mend: str = "check the address, and that it runs"
    ) -> InputError:
        return InputError(Fault(f"--scheduler {self._address}", found, expected, mend))


def _itself(value: Any) -> Any:
    return value


def _version_here() -> str:
    return metadata.version("safepassage")
