"""A registry on this machine that has the models, and a relay that counts what is read from it."""

import contextlib
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Optional

from datasets import DataSet
from measurement import Failure

HOST = "127.0.0.1"

CONFIGURATION = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: '{storage}'}}}}
http: {{addr: '{address}'}}
"""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


class Registry:
    """distribution, with a file for each blob. It is started when the first model is pushed."""

    def __init__(self, program: str, oras: str, scratch: Path):
        self.address = f"{HOST}:{_free_port()}"
        self.relay = Relay(self.address)
        self._program = program
        self._oras = oras
        self._scratch = scratch
        self._process: Optional[subprocess.Popen] = None
        self._pushed = set()

    def reference(self, model: DataSet, counted: bool = False) -> str:
        """The model for a client; counted if it is asked for by way of the relay."""
        return f"{self.relay.address if counted else self.address}/bench/{model.name}:1"

    def push(self, model: DataSet, say) -> None:
        """Has oras push the files as they are, each as a layer, unless they are there."""
        if model.name in self._pushed:
            return
        self._start()
        say(f"pushing {model.name} to the registry")
        names = [name for name, _ in model.files()]
        command = [self._oras, "push", "--plain-http", self.reference(model), *names]
        done = subprocess.run(
            command, cwd=model.directory, env=self._environment(), capture_output=True, check=False
        )
        if done.returncode != 0:
            raise Failure(f"oras push {model.name}: {done.stderr.decode(errors='replace')[-2000:]}")
        os.sync()  # or writing goes on beside what is measured
        self._pushed.add(model.name)

    def _environment(self):
        # It would send traces to a collector.
        return {**os.environ, "OTEL_TRACES_EXPORTER": "none"}

    def _start(self) -> None:
        if self._process:
            return
        configuration = self._scratch / "registry.yml"
        storage = str(self._scratch / "registry").replace("'", "''")
        configuration.write_text(CONFIGURATION.format(storage=storage, address=self.address))
        log = self._scratch / "registry.log"
        with open(log, "wb") as output:
            self._process = subprocess.Popen(
                [self._program, "serve", str(configuration)],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        for _ in range(100):
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(f"http://{self.address}/v2/", timeout=10).close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise Failure(f"the registry does not answer: {log.read_text(errors='replace')[-2000:]}")

    def close(self) -> None:
        self.relay.close()
        if self._process:
            self._process.kill()
            self._process.wait()


class Relay:
    """Passes on what clients and a server say, and counts what the server says."""

    def __init__(self, server: str):
        self._host, port = server.split(":")
        self._port = int(port)
        self._listening = socket.create_server((HOST, 0))
        self.address = f"{HOST}:{self._listening.getsockname()[1]}"
        self._lock = threading.Lock()
        self._read = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def read(self) -> int:
        """How many bytes the server has sent so far, with the heads of its answers."""
        with self._lock:
            return self._read

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:  # closed
                return
            server = socket.create_connection((self._host, self._port))
            for source, target, counts in ((client, server, False), (server, client, True)):
                threading.Thread(
                    target=self._copy, args=(source, target, counts), daemon=True
                ).start()

    def _copy(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with contextlib.suppress(OSError):  # one of them went away
            while True:
                piece = source.recv(1 << 16)
                if not piece:
                    break
                if counts:
                    with self._lock:
                        self._read += len(piece)
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listening.close()
