"""Prints the root digest of a model by the Python library, and how long the hashing alone took.

Run by the Python of the virtual environment of model_signing: python_digest.py MODEL ALGORITHM
"""

import hashlib
import sys
import time

import model_signing.hashing

started = time.perf_counter()
config = model_signing.hashing.Config().use_file_serialization(hashing_algorithm=sys.argv[2])
manifest = config.set_ignored_paths(paths=[]).hash(sys.argv[1])
root = hashlib.sha256()
for resource in manifest.resource_descriptors():
    root.update(resource.digest.digest_value)
print(f"sha256:{root.hexdigest()}")
print(f"{time.perf_counter() - started:.6f}")
