"""Makes files that call something when they are loaded, and says what picklescan finds in them.

    compare.py DIRECTORY

Nothing that they import is: the loaders of Python that run on some of them are given a stub
instead. A line of the output is a file, a word and, for most words, a module and
a name, with tabs between them, each quoted as in a URL:

    planted     the file imports that
    loaded      a loader of Python asks for that
    clean       the file is of a usual kind and imports nothing that is unusual
    closed      the file cannot be looked into without a decoder that we do not have
    dangerous   picklescan says so of an import
    suspicious  picklescan says so of an import
    failed      picklescan ended with an exception, whose text follows
"""

import collections
import io
import logging
import pathlib
import pickle
import random
import struct
import sys
import urllib.parse
import zipfile
import zlib

import numpy
from picklescan import scanner

# What more can run code, besides what picklescan has on its list.
MORE = """
os.system posix.system nt.system builtins.eval builtins.exec builtins.__import__ __builtin__.eval
__builtin__.execfile subprocess.Popen subprocess.check_output pty.spawn webbrowser.open
importlib.import_module importlib.machinery.SourceFileLoader runpy.run_path runpy._run_code
operator.attrgetter operator.methodcaller functools.partial functools.reduce torch.hub.load
torch.load torch.jit.load torch.ops.load_library numpy.load numpy.testing._private.utils.runstring
numpy.f2py.crackfortran.getlincoef numpy.ctypeslib.load_library pandas.read_pickle joblib.load
pickle.loads _pickle.loads dill.loads cloudpickle.loads marshal.loads types.FunctionType
types.CodeType ctypes.CDLL ctypes.util.find_library socket.create_connection
urllib.request.urlopen requests.api.get http.client.HTTPSConnection aiohttp.ClientSession
asyncio.create_subprocess_shell multiprocessing.util.spawnv_passfds code.InteractiveInterpreter
code.interact codeop.compile_command timeit.timeit cProfile.run profile.run pdb.run bdb.Bdb.run
trace.Trace.run doctest.debug_script pydoc.pipepager pydoc.locate pkgutil.resolve_name pip.main
pip._internal.main ensurepip._run_pip venv.create distutils.file_util.write_file
distutils.spawn.spawn idlelib.run.Executive idlelib.pyshell.main lib2to3.pgen2.grammar.Grammar
imaplib.IMAP4_stream smtplib.SMTP shutil.rmtree tempfile.mktemp pathlib.Path.write_text io.open
_io.FileIO logging.FileHandler logging.config.dictConfig sys.exit signal.signal
platform.popen uuid._get_command_stdout gc.get_objects inspect.getsource tensorflow.io.write_file
keras.models.load_model sklearn.preprocessing.FunctionTransformer transformers.AutoModel
my-module.run evil
"""


def dotted(text):
    module, dot, name = text.rpartition(".")
    return (module, name) if dot else (text, "run")


def listed():
    """All that picklescan has on its list, with a name for those modules of which it takes all."""
    for module, names in scanner._unsafe_globals.items():
        if names == "*":
            yield module, "anything"
            yield module + ".below", "anything"
        else:
            for name in [names] if isinstance(names, str) else names:
                yield module, name


def text(value, protocol):
    value = value.encode()
    if protocol == 0:
        return b"V" + value + b"\n"
    return b"X" + struct.pack("<I", len(value)) + value


def short(value):
    value = value.encode()
    return b"\x8c" + bytes([len(value)]) + value


def start(protocol):
    return b"\x80" + bytes([protocol]) if protocol >= 2 else b""


def pickled(module, name, protocol, end=b"tR."):
    """What pickle.dumps makes of an object whose __reduce__ says that."""
    if protocol < 4:
        called = b"c" + module.encode() + b"\n" + name.encode() + b"\n"
        return start(protocol) + called + b"(" + text("id", protocol) + end
    body = short(module) + b"\x94" + short(name) + b"\x94\x93\x94(" + short("id") + b"\x94" + end
    return start(protocol) + b"\x95" + struct.pack("<Q", len(body)) + body


def zipped(*entries, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def numbers(array):
    out = io.BytesIO()
    numpy.save(out, array)
    return out.getvalue()


def objects(header, data, version=1):
    """An array of NumPy with a header of one's own."""
    header = header.encode()
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


def legacy(main, more=b""):
    """What torch.save wrote before it wrote zip files."""
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    system = pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
    return magic + pickle.dumps(1001, 2) + system + main + pickle.dumps(["0"], 2) + more


def changed(data, mark, offset, value):
    """With some bytes changed behind each place where these are."""
    data = bytearray(data)
    at = data.find(mark)
    while at >= 0:
        data[at + offset : at + offset + len(value)] = value
        at = data.find(mark, at + 4)
    return bytes(data)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
OS = ("os", "system")
POSIX = ("posix", "system")
EVAL = ("builtins", "eval")


def by_entry():
    """One file for each name on the lists, in all protocols in turn."""
    names = sorted(set(listed()) | {dotted(each) for each in MORE.split()})
    for i, (module, name) in enumerate(names):
        yield f"names/{i:03}-{i % 6}.pkl", pickled(module, name, i % 6), [(module, name)]
        # Behind as many that are unusual as are shown: what is dangerous comes first.
        if (module, name) in set(listed()):
            crowd = b"".join(b"cmodule%d\nf\n" % n for n in range(120))
            data = start(2) + b"(" + crowd + pickled(module, name, 2)[2:]
            yield f"crowds/{i:03}.pkl", data, [(module, name)]


def by_protocol():
    for protocol in range(6):
        for module, name in (OS, EVAL, ("functools", "partial")):
            data = pickled(module, name, protocol)
            yield f"protocols/{module}-{protocol}.pickle", data, [(module, name)]


def by_opcode():
    yield "opcodes/inst.pkl", b"(S'id'\nios\nsystem\n.", [OS]
    yield "opcodes/inst-2.pkl", b"\x80\x02(X\x02\0\0\0idios\nsystem\n.", [OS]
    yield "opcodes/obj.pkl", b"\x80\x02(cos\nsystem\nX\x02\0\0\0ido.", [OS]
    yield "opcodes/newobj.pkl", b"\x80\x02csubprocess\nPopen\nX\x02\0\0\0id\x85\x81.", [
        ("subprocess", "Popen")
    ]
    yield "opcodes/build.pkl", b"\x80\x02cos\nsystem\n)\x81}X\x01\0\0\0aX\x01\0\0\0bsb.", [OS]
    yield "opcodes/newobj-ex.pkl", b"\x80\x04\x8c\x02os\x8c\x06system\x93)}\x92.", [OS]
    yield "opcodes/put-get.pkl", b"Vos\np7\n0Vsystem\np9\n0g7\ng9\n\x93(Vid\ntR.", [OS]
    yield "opcodes/binput.pkl", (
        b"\x80\x04\x8c\x06systemq\x07\x8c\x02osq\x090h\x09h\x07\x93(\x8c\x02idtR."
    ), [OS]
    yield "opcodes/long-binget.pkl", (
        b"\x80\x04\x8c\x02osr\x2c\x01\0\x000\x8c\x06systemr\x2d\x01\0\x000"
        b"j\x2c\x01\0\0j\x2d\x01\0\0\x93(\x8c\x02idtR."
    ), [OS]
    yield "opcodes/memoize.pkl", b"\x80\x04\x8c\x02os\x94\x8c\x06system\x9400h\0h\x01\x93.", [OS]
    yield "opcodes/overwritten.pkl", (
        b"\x80\x04\x8c\x04jsonq\x010\x8c\x02osq\x010\x8c\x06systemq\x020h\x01h\x02\x93."
    ), [OS]
    yield "opcodes/memo-between.pkl", b"\x80\x04\x8c\x02osq\x05q\x06\x8c\x06systemq\x07\x93.", [OS]
    yield "opcodes/strings.pkl", b"\x80\x04S'os'\nU\x06system\x93.", [OS]
    yield "opcodes/escapes.pkl", b"S'\\x6fs'\nV\\u0073ystem\n\x93.", [OS]
    yield "opcodes/binunicode8.pkl", (
        b"\x80\x04\x8d\x02\0\0\0\0\0\0\0osT\x06\0\0\0system\x93."
    ), [OS]
    yield "opcodes/dup.pkl", b"\x80\x04\x8c\x04codeq\x002\x93.", [("code", "code")]
    yield "opcodes/popped.pkl", b"\x80\x04\x8c\x02os\x8c\x06system\x8c\x03foo0\x93.", [OS]
    yield "opcodes/made.pkl", b"\x80\x04\x8c\x02osN\x93.", None
    yield "opcodes/no-memo.pkl", b"\x80\x04h\x07\x8c\x06system\x93.", None
    yield "opcodes/name-with-dots.pkl", pickled("code", "InteractiveInterpreter.runcode", 4), [
        ("code", "InteractiveInterpreter.runcode")
    ]
    yield "opcodes/frames.pkl", (
        b"\x80\x04\x95\xff\0\0\0\0\0\0\0\x8c\x02os\x95\0\0\0\0\0\0\0\0\x8c\x06system\x93."
    ), [OS]
    yield "opcodes/protocol-6.pkl", b"\x80\x06cos\nsystem\n(tR.", [OS]
    yield "opcodes/late-protocol.pkl", b"N0\x80\x02cos\nsystem\n(tR.", [OS]
    yield "opcodes/empty-pop.pkl", b"0cos\nsystem\n(tR.", None
    yield "opcodes/bytes.pkl", b"BZh\0\0" + b"x" * 26714 + b"0" + pickled(*OS, 0), [OS]
    nested = pickled(*OS, 2)
    yield "opcodes/nested.pkl", (
        b"\x80\x03cpickle\nloads\n(C" + bytes([len(nested)]) + nested + b"tR."
    ), [("pickle", "loads")]


def by_place():
    benign = pickle.dumps([1, 2, 3], 2)
    for name in ("pkl", "pickle", "joblib", "dat", "data", "bin", "pt", "pth", "ckpt", "npy"):
        yield f"endings/zero.{name}", pickled(*OS, 0), [OS]
        yield f"endings/four.{name}", pickled(*OS, 4), [OS]
    yield "places/renamed.txt", pickled(*OS, 2), [OS]
    yield "places/without-ending", pickled(*OS, 4), [OS]
    yield "places/model.safetensors", pickled(*OS, 4), [OS]
    yield "places/config.json", pickled(*OS, 4), [OS]
    yield "places/UPPER.PKL", pickled(*OS, 0), [OS]
    yield "places/second.pkl", benign + pickled(*OS, 4), [OS]
    yield "places/second-zero.pkl", benign + pickled(*OS, 0), [OS]
    yield "places/eighth.pkl", benign * 7 + pickled(*OS, 2), [OS]
    yield "places/second.bin", benign + pickled(*OS, 4), [OS]
    yield "places/memo-of-first.pkl", (
        b"\x80\x04\x8c\x02osq\x05\x8c\x06systemq\x06." b"\x80\x04h\x05h\x06\x93."
    ), None
    state = pickled(*OS, 2)
    yield "places/legacy.pt", legacy(state, b"\0" * 64), [OS]
    yield "places/legacy.bin", legacy(pickle.dumps({}, 2) + state), [OS]
    yield "places/legacy-first.ckpt", state + legacy(pickle.dumps({}, 2)), [OS]
    yield "places/legacy-sixth.pkl", legacy(pickle.dumps({}, 2), state), [OS]
    for name in ("dat", "data"):
        yield f"places/legacy-sixth.{name}", legacy(pickle.dumps({}, 2), state), [OS]
    for name in ("zip", "npz", "7z"):
        yield f"places/no-archive.{name}", pickled(*OS, 0), [OS]
    yield "places/persistent.pkl", b"PK\x03\x04\n0" + pickled(*OS, 0), [OS]
    yield "places/magic-made.pt", b"\x80\x02c__builtin__\neval\n(X\x01\0\0\x001tR.", [
        ("__builtin__", "eval")
    ]
    yield "places/float.bin", b"\x80\x02J\x01\0\0\0." + pickled(*OS, 2), [OS]


def broken():
    whole = pickled(*OS, 2)
    yield "broken/cut.pkl", whole[:-1], [OS]
    yield "broken/cut-early.pkl", whole[: whole.index(b"(")], [OS]
    yield "broken/cut.bin", whole[:-2], [OS]
    yield "broken/unknown-opcode.pkl", pickled(*OS, 2, b"tR\xff."), [OS]
    yield "broken/unknown-opcode-4.pkl", pickled(*OS, 4, b"tR\xff."), [OS]
    yield "broken/unknown-opcode-0.pkl", pickled(*OS, 0, b"tR\xff."), [OS]
    yield "broken/long-text.pkl", pickled(*OS, 2, b"tRX\xff\xff\xff\x7fabc"), [OS]
    yield "broken/bad-string.pkl", pickled(*OS, 2, b"tRSabc\n."), [OS]
    yield "broken/bad-number.pkl", pickled(*OS, 2, b"tRIabc\n."), [OS]
    yield "broken/then-data.pkl", whole + b"\0\xff\0\xff", [OS]
    yield "broken/before-broken.pkl", whole + b"\x80\x02\xff", [OS]
    yield "broken/negative.pkl", pickled(*OS, 2, b"tRT\xff\xff\xff\xff."), [OS]


def arrays():
    for protocol in (0, 2, 4):
        data = pickled(*OS, protocol)
        header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
        yield f"arrays/objects-{protocol}.npy", objects(header, data), [OS]
        yield f"arrays/objects-{protocol}.npz", zipped(("a.npy", objects(header, data))), [OS]
    data = pickled(*OS, 4)
    yield "arrays/version-2.npy", objects(header, data, 2), [OS]
    yield "arrays/version-3.npy", objects(header, data, 3), [OS]
    yield "arrays/record.npy", objects(
        "{'descr': [('a', '|O'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", data
    ), [OS]
    yield "arrays/escaped.npy", objects(
        "{'descr': '\\x7cO', 'fortran_order': False, 'shape': (1,), }\n", data
    ), [OS]
    yield "arrays/two-parts.npy", objects(
        "{'fortran_order': \"'descr':'<f8'\", 'de' 'scr': '|O', 'fortran_order': False,"
        " 'shape': (1,), }\n",
        data,
    ), [OS]
    yield "arrays/comment.npy", objects(
        "{'de' 'scr': '|O', #'descr':'<f8'\n 'fortran_order': False, 'shape': (1,), }\n", data
    ), [OS]
    yield "arrays/long-header.npy", objects(header[:-1] + " " * 70_000 + "\n", data, 2), [OS]
    yield "arrays/entry.npz", zipped(("a.txt", objects(header, data))), [OS]
    yield "arrays/deflated.npz", zipped(("a.npy", objects(header, data)), method=8), [OS]


class Stub:
    """Whatever a pickle imports: it takes all that is done with it."""

    def __init__(self, *arguments, **named):
        pass

    def __call__(self, *arguments, **named):
        return self

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    append = extend = update = add = __call__


def asked_for(data):
    """What loaders import, in C and in Python, used once or for all pickles of a file."""
    asked = set()
    for loader in (pickle.Unpickler, pickle._Unpickler):

        class Watched(loader):
            def find_class(self, module, name):
                asked.add((module, name))
                return Stub

            def persistent_load(self, identity):
                return Stub()

        for keeps_memo in (True, False):
            file = io.BytesIO(data)
            unpickler = Watched(file)
            try:
                while file.tell() < len(data):
                    unpickler.load()
                    if not keeps_memo:
                        unpickler = Watched(file)
            except Exception:  # of a loader of Python that is given noise
                pass
    return sorted(asked)


MODULES = "os posix json builtins collections numpy torch".split()
NAMES = "system eval loads OrderedDict dtype f exec".split()
PUSHES = b"N )|]|}|(|K\x01|I1\n|C\x01x|\x8f|2".replace(b" ", b"|").split(b"|")
TAKES = b"0|1|R|t|l|d|a|e|s|u|b|o|\x81|\x85|\x86|\x87|\x90|\x91|\x92|P1\n|Q".split(b"|")


def any_opcode(any):
    """One opcode, or two names and the one that imports them."""
    place = any.choice([0, 1, 2, 3, 4, 300])
    word = any.choice(MODULES + NAMES)
    module, name = any.choice(MODULES), any.choice(NAMES)
    way = any.randrange(16)
    if way < 4:
        return any.choice([
            short(word), text(word, 0), text(word, 2), b"S'" + word.encode() + b"'\n",
            b"U" + bytes([len(word)]) + word.encode(),
            b"\x8d" + struct.pack("<Q", len(word)) + word.encode(),
        ])
    if way < 6:
        return any.choice([b"\x94", b"q%c" % (place % 256), b"r" + struct.pack("<I", place),
                           b"p%d\n" % place])
    if way < 8:
        return any.choice([b"h%c" % (place % 256), b"j" + struct.pack("<I", place),
                           b"g%d\n" % place])
    if way < 10:
        return any.choice(PUSHES)
    if way == 10:
        return any.choice(TAKES)
    if way == 11:
        return any.choice([b".", b".\x80\x04", b"\x80\x04", b"\x95" + b"\0" * 8])
    if way < 14:
        return short(module) + any.choice([b"", b"\x94", b"q\x01"]) + short(name) + b"\x93"
    if way == 14:
        return b"\x93"
    return any.choice([b"c", b"(i"]) + f"{module}\n{name}\n".encode()


def at_random():
    """Opcodes as they come: what they import is what loaders of Python say."""
    any = random.Random(1)
    made = 0
    while made < 400:
        data = any.choice([b"\x80\x04", b"\x80\x02", b""])
        data += b"".join(any_opcode(any) for _ in range(any.randrange(3, 40)))
        if asked_for(data):
            yield f"random/{made:03}.pkl", data, "loaded"
            made += 1


def zips():
    two, zero = pickled(*OS, 2), pickled(*OS, 0)
    torch = [("archive/data.pkl", two), ("archive/version", b"3\n"), ("archive/data/0", b"\0" * 64)]
    for name in ("pt", "pth", "bin", "ckpt", "zip", "pkl", "txt", "data"):
        yield f"zips/torch.{name}", zipped(*torch), [OS]
    yield "zips/deflated.pt", zipped(*torch, method=zipfile.ZIP_DEFLATED), [OS]
    yield "zips/other-ending.pt", zipped(("archive/data.txt", two)), [OS]
    yield "zips/no-ending.pt", zipped(("archive/data", two)), [OS]
    yield "zips/zero.zip", zipped(("a.pkl", zero), ("b.dat", pickled(*EVAL, 0))), [OS, EVAL]
    yield "zips/directory.zip", zipped(("a.pkl/", two)), [OS]
    for name in ("pt", "pkl", "ckpt", "dat", "data", "zip"):
        yield f"zips/behind-data.{name}", b"\0some data\0" + zipped(*torch), [OS]
        both = pickled(*EVAL, 2) + zipped(*torch)
        yield f"zips/behind-pickle.{name}", both, [EVAL, OS] if name != "zip" else [OS]
    good = zipped(*torch)
    yield "zips/checksum.pt", changed(changed(good, LOCAL, 14, b"abcd"), CENTRAL, 16, b"abcd"), [OS]
    yield "zips/checksum-local.pt", changed(good, LOCAL, 14, b"abcd"), [OS]
    yield "zips/encrypted-flag.pt", changed(good, CENTRAL, 8, b"\x01"), [OS]
    yield "zips/encrypted-flags.pt", changed(changed(good, CENTRAL, 8, b"\1"), LOCAL, 6, b"\1"), [OS]
    yield "zips/patch-flag.pt", changed(good, CENTRAL, 8, b"\x20"), [OS]
    yield "zips/encrypted-flag-zero.zip", changed(zipped(("a.pkl", zero)), CENTRAL, 8, b"\1"), [OS]
    yield "zips/other-local-name.pt", good.replace(b"archive/data.pkl", b"archive/data.txt", 1), [OS]
    other = zipped(("a.txt", zero)).replace(b"a.txt", b"a.pkl", 1)
    yield "zips/pickle-by-local-name.zip", other, [OS]
    yield "zips/other-local-method.pt", changed(good, LOCAL, 8, b"\x08"), [OS]
    yield "zips/nul-in-name.zip", zipped(("aapkl_txt", zero)).replace(b"aapkl_txt", b"a.pkl\0txt"), [
        OS
    ]
    yield "zips/comment.zip", changed(good, b"PK\x05\x06", 20, b"\x04\0") + b"note", [OS]
    yield "zips/behind-end.pt", good + b"\n", [OS]
    yield "zips/twice.pt", zipped(("a.pkl", two), ("a.pkl", pickle.dumps(1))), [OS]
    yield "zips/nested.zip", zipped(("inner.zip", good)), [OS]
    yield "zips/sizes.pt", changed(good, CENTRAL, 24, struct.pack("<I", 1 << 30)), [OS]
    yield "zips/streamed.zip", streamed("a.pkl", zero), [OS]
    yield "zips/many.zip", zipped(*[(f"{i}.pkl", pickle.dumps(i)) for i in range(150)], (
        "last.pkl", two
    )), [OS]
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"closed/method-{method}.npz", zipped(("a.pkl", two), method=method), "closed"


def streamed(name, data):
    """A zip file whose sizes are behind the entries."""

    class Stream(io.RawIOBase):
        def __init__(self):
            self.out = bytearray()

        def writable(self):
            return True

        def write(self, some):
            self.out += some
            return len(some)

    stream = Stream()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, data)
    return bytes(stream.out)


def state_dict():
    """A state dict as torch.save pickles it: tensors are calls with storages of persistent ids."""
    storage = (
        b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x10tQ"
    )
    tensor = (
        b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\0K\x04K\x04\x86K\x04K\x01\x86\x89"
        b"ccollections\nOrderedDict\n)RtR"
    )
    parameter = (
        b"ctorch._utils\n_rebuild_parameter\n(" + tensor + b"\x88ccollections\nOrderedDict\n)RtR"
    )
    return (
        b"\x80\x02ccollections\nOrderedDict\n)R(X\x06\0\0\0weight" + tensor
        + b"X\x04\0\0\0bias" + parameter + b"u."
    )


def clean():
    values = {
        "list": [1, 2.5, "x", b"y", None, True, 1 << 100],
        "more": (set([1]), frozenset([2]), bytearray(b"z"), complex(1, 2), range(3)),
        "ordered": collections.OrderedDict(a=1),
        "counted": collections.Counter("abc"),
        "queued": collections.deque([1], 3),
        "default": collections.defaultdict(list, a=[1]),
    }
    arrays = {"w": numpy.arange(12.0).reshape(3, 4), "b": numpy.float32(2), "t": numpy.dtype("i4")}
    for protocol in range(6):
        yield f"clean/values-{protocol}.pkl", pickle.dumps(values, protocol), "clean"
        yield f"clean/arrays-{protocol}.pkl", pickle.dumps(arrays, protocol), "clean"
    for kind in ("f4", "f8", "i8", "?", "S3", "U4", "M8[s]", "c16"):
        name = "".join(c for c in kind if c.isalnum()) or "bool"
        yield f"clean/{name}.npy", numbers(numpy.zeros(5, kind)), "clean"
    yield "clean/record.npy", numbers(numpy.zeros(5, [("a", "f8"), ("b", "i4", (2,))])), "clean"
    yield "clean/objects.npy", numbers(numpy.array([[1], "x", None], object)), "clean"
    packed = io.BytesIO()
    numpy.savez_compressed(packed, w=arrays["w"], o=numpy.array([{}, 1], object))
    yield "clean/packed.npz", packed.getvalue(), "clean"
    for protocol in range(6):
        twice = [pickle.dumps(numpy.arange(n, dtype="f4"), protocol) for n in (3, 5)]
        named = pickle.dumps({"weights": 1, "bias": [numpy.int64(3)]}, protocol)
        yield f"clean/several-{protocol}.pkl", named + twice[0] + twice[1] + named, "clean"
    lines = b"Words\ncat\ndog\nidea\nrest\n" * 9
    for name in ("zip", "npz", "bin", "pt", "dat"):
        yield f"clean/text.{name}", zipped(("words.txt", lines), ("more.txt", lines)), "clean"
    state = state_dict()
    whole = zipped(
        ("state/data.pkl", state), ("state/byteorder", b"little"), ("state/data/0", b"\0" * 64),
        ("state/version", b"3\n"), ("state/.data/serialization_id", b"1" * 40)
    )
    for name in ("pt", "pth", "bin", "ckpt", "pkl", "zip"):
        yield f"clean/state.{name}", whole, "clean"
    raw = struct.pack("<Q", 16) + numpy.arange(16, dtype="f4").tobytes()
    for name in ("pt", "bin", "pkl"):
        yield f"clean/legacy.{name}", legacy(state, raw), "clean"
    # 640 floats: the length begins as a pickle does.
    raw = struct.pack("<Q", 640) + numpy.zeros(640, "f4").tobytes()
    yield "clean/legacy-640.pkl", legacy(state, raw), "clean"
    noise = numpy.random.default_rng(1).bytes(20_000)
    for name in ("bin", "dat", "data", "ckpt", "pt"):
        yield f"clean/noise.{name}", noise, "clean"
    yield "clean/zlib.joblib", zlib.compress(pickle.dumps(values)), "clean"


def quoted(*words):
    return "\t".join(urllib.parse.quote(str(word), safe="/.-_", errors="surrogatepass") for word in words)


def main(directory):
    logging.disable(logging.CRITICAL)
    root = pathlib.Path(directory)
    kinds = (by_entry, by_protocol, by_opcode, by_place, broken, arrays, zips, at_random, clean)
    for name, data, has in (file for kind in kinds for file in kind()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            sys.exit(f"made twice: {name}")
        path.write_bytes(data)
        if has == "loaded":
            for module, imported in asked_for(data):
                print(quoted(name, has, module, imported))
        elif isinstance(has, str):
            print(quoted(name, has))
        for module, imported in has if isinstance(has, list) else []:
            print(quoted(name, "planted", module, imported))
        try:
            found = scanner.scan_file_path(str(path)).globals
        except Exception as e:  # it is the other program that fails
            print(quoted(name, "failed", type(e).__name__, str(e)))
            continue
        for each in sorted({(g.safety.value, g.module, g.name) for g in found}):
            if each[0] != "innocuous":
                print(quoted(name, *each))


if __name__ == "__main__":
    main(sys.argv[1])
