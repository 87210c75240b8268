"""An object store on this machine that has the models, and a client that downloads from it.

The store speaks as much of S3 as listing and reading need, checks no credentials, and reads the files of
the data sets. It is a process of its own: what it holds in memory must not count as ours.

    store.py serve PORT NAME=DIRECTORY...
    store.py download URL NAME DIRECTORY
"""

import contextlib
import http.client
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Dict, Optional
from xml.sax.saxutils import escape

HOST = "127.0.0.1"
BUCKET = "bench"
PAGE = 1000
STREAMS = 8

CREDENTIALS = (
    "AWS_ACCESS_KEY_ID=bench",
    "AWS_SECRET_ACCESS_KEY=bench",
    "AWS_REGION=us-east-1",
)


class Store:
    """Starts the server when the first model is needed, and again for each further one."""

    def __init__(self, scratch: Path):
        with socket.socket() as free:
            free.bind((HOST, 0))
            self._port = free.getsockname()[1]
        self.address = f"http://{HOST}:{self._port}"
        self._scratch = scratch
        self._process: Optional[subprocess.Popen] = None
        self._models: Dict[str, Path] = {}

    def environment(self):
        """The variables by which a client finds it."""
        return (*CREDENTIALS, f"AWS_ENDPOINT_URL={self.address}")

    def put(self, model) -> None:
        """Has the store serve a model from where it is."""
        if model.name in self._models:
            return
        self._models[model.name] = model.directory
        self.close()
        served = [f"{name}={directory}" for name, directory in self._models.items()]
        log = self._scratch / "store.log"
        with open(log, "wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, __file__, "serve", str(self._port), *served],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection((HOST, self._port), timeout=10).close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the store does not answer: {log.read_text(errors='replace')[-2000:]}")

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


class Objects(BaseHTTPRequestHandler):
    """Answers requests for one bucket."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a small body waits for the acknowledgement of its head
    keys = []  # in the order of their bytes
    directories: Dict[str, Path] = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answer(True)

    def do_HEAD(self):
        self._answer(False)

    def _answer(self, with_body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        bucket, _, key = urllib.parse.unquote(url.path.lstrip("/")).partition("/")
        if bucket != BUCKET:
            self._send(404, b"")
        elif not key and "list-type" in query:
            self._send(200, self._page(query).encode())
        else:
            self._object(key, with_body)

    def _page(self, query):
        prefix = query.get("prefix", "")
        start = int(query.get("continuation-token") or 0)
        most = min(PAGE, int(query.get("max-keys") or PAGE))
        found = []
        end = len(self.keys)
        for index in range(start, len(self.keys)):
            if self.keys[index].startswith(prefix):
                if len(found) == most:
                    end = index
                    break
                found.append(self._entry(self.keys[index]))
        token = f"<NextContinuationToken>{end}</NextContinuationToken>"
        truncated = end < len(self.keys)
        return (
            f"<ListBucketResult><Name>{BUCKET}</Name>"
            f"<IsTruncated>{'true' if truncated else 'false'}</IsTruncated>"
            f"{token if truncated else ''}{''.join(found)}</ListBucketResult>"
        )

    def _path(self, key):
        model, _, name = key.partition("/")
        directory = self.directories.get(model)
        return directory / name if directory and name and ".." not in name else None

    def _entry(self, key):
        found = os.stat(self._path(key))
        return (
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z"
            f"</LastModified><ETag>{self._tag(found)}</ETag><Size>{found.st_size}</Size></Contents>"
        )

    @staticmethod
    def _tag(found):
        return f'"{found.st_ino:016x}{found.st_mtime_ns:016x}"'

    def _object(self, key, with_body):
        path = self._path(key)
        if not path or not path.is_file():
            self._send(404, b"")
            return
        with open(path, "rb") as file:
            found = os.fstat(file.fileno())
            tag = self._tag(found)
            if self.headers.get("If-Match") not in (None, tag):
                self._send(412, b"")
                return
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or "")
            first, last = (int(part[1]), int(part[2])) if part else (0, found.st_size - 1)
            self.send_response(206 if part else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(last - first + 1))
            if part:
                self.send_header("Content-Range", f"bytes {first}-{last}/{found.st_size}")
            self.end_headers()
            if with_body and last >= first:
                self.wfile.flush()
                self.connection.sendfile(file, first, last - first + 1)

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def serve(port, models):
    for model in models:
        name, _, directory = model.partition("=")
        Objects.directories[name] = Path(directory)
        for folder, _, files in os.walk(directory):
            inside = Path(folder).relative_to(directory).as_posix()
            start = name if inside == "." else f"{name}/{inside}"
            Objects.keys.extend(f"{start}/{file}" for file in files)
    Objects.keys.sort(key=lambda key: key.encode())
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer((HOST, port), Objects).serve_forever()


def download(url, name, target):
    """Downloads a model by several connections, as other clients do, and checks sizes only."""
    address = urllib.parse.urlsplit(url).netloc
    keys = queue.Queue()
    failures = []

    def fetch():
        connection = http.client.HTTPConnection(address)
        while True:
            try:
                key = keys.get_nowait()
            except queue.Empty:
                return
            try:
                connection.request("GET", f"/{BUCKET}/{urllib.parse.quote(key)}")
                answer = connection.getresponse()
                path = Path(target) / key.partition("/")[2]
                path.parent.mkdir(parents=True, exist_ok=True)
                with open(path, "wb") as file:
                    while piece := answer.read(1 << 20):
                        file.write(piece)
                if answer.status != 200:
                    raise OSError(f"{key}: {answer.status}")
            except OSError as failure:
                failures.append(failure)
                return

    connection = http.client.HTTPConnection(address)
    token = ""
    while token is not None:
        more = f"&continuation-token={token}" if token else ""
        connection.request("GET", f"/{BUCKET}?list-type=2&prefix={name}/{more}")
        page = connection.getresponse().read().decode()
        for key in re.findall(r"<Key>(.*?)</Key>", page):
            keys.put(key)
        found = re.search(r"<NextContinuationToken>(.*?)<", page)
        token = found[1] if found else None
    threads = [threading.Thread(target=fetch) for _ in range(STREAMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"not downloaded: {failures[0]}")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), sys.argv[3:])
    else:
        download(*sys.argv[2:])
