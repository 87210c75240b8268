package dev.modelsigning.content.internal.pickle;

import dev.modelsigning.content.internal.found.FoundNames.Rank;
import java.util.HashSet;
import java.util.Set;

/**
 * The list of usual imports of a pickle. It is short: what PyTorch writes for tensors and their
 * containers, what NumPy writes for arrays, and built-in types for values. All of them create
 * values from their arguments and call none of these. It is nearly the same as what {@code
 * torch.load(weights_only=True)} allows. Estimators of scikit-learn are not on it, since some of
 * them call functions in the pickle.
 */
public final class UsualImports {

  private static final Set<String> USUAL = new HashSet<>();

  /**
   * Modules, including submodules, that run their arguments, access the machine, or access anything
   * by its name.
   */
  private static final Set<String> STRIKING =
      Set.of(
          ("os posix nt subprocess sys builtins __builtin__ shutil socket ssl ctypes _ctypes"
                  + " importlib runpy pickle _pickle cPickle cloudpickle dill marshal types"
                  + " functools operator _operator code codeop pty pip pdb bdb webbrowser asyncio"
                  + " multiprocessing threading _thread http httplib urllib requests aiohttp commands"
                  + " timeit pydoc pkgutil inspect io _io zipimport tempfile pathlib platform signal"
                  + " logging profile cProfile trace doctest venv ensurepip distutils uuid imaplib"
                  + " test smtplib ftplib telnetlib copyreg copy_reg gc site atexit _posixsubprocess"
                  + " _osx_support _aix_support _pyrepl idlelib lib2to3 numpy.f2py numpy.testing"
                  + " numpy.ctypeslib numpy.distutils joblib torch._dynamo torch._inductor torch.fx"
                  + " torch.hub torch.jit torch.ops torch.package torch.serialization"
                  + " torch.utils._config_module torch.utils.bottleneck torch.utils.collect_env"
                  + " torch.utils.cpp_extension torch.utils.data.datapipes")
              .split(" ", -1));

  static {
    all("collections", "OrderedDict defaultdict Counter deque");
    for (String module : new String[] {"builtins", "__builtin__"}) {
      all(
          module,
          "set frozenset bytearray bytes str unicode int long float complex bool dict list tuple"
              + " object slice range xrange");
    }
    all("copy_reg", "_reconstructor");
    all("copyreg", "_reconstructor");
    // Byte strings in pickles of protocol 2.
    all("_codecs", "encode");
    all(
        "torch",
        "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage"
            + " ShortStorage CharStorage ByteStorage BoolStorage ComplexFloatStorage"
            + " ComplexDoubleStorage QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage"
            + " QUInt2x4Storage Tensor Size device dtype float16 float32 float64 bfloat16 int8"
            + " int16 int32 int64 uint8 bool complex64 complex128");
    all(
        "torch._utils",
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter"
            + " _rebuild_qtensor _rebuild_sparse_tensor _rebuild_meta_tensor_no_storage");
    all("torch.nn.parameter", "Parameter Buffer");
    all("torch.storage", "TypedStorage UntypedStorage");
    all("torch.serialization", "_get_layout");
    all("numpy", "dtype ndarray");
    for (String core : new String[] {"numpy.core.", "numpy._core."}) {
      all(core + "multiarray", "_reconstruct scalar");
      all(core + "numeric", "_frombuffer");
    }
  }

  private UsualImports() {}

  private static void all(String module, String names) {
    for (String name : names.split(" ", -1)) {
      USUAL.add(module + '\n' + name);
    }
  }

  /** Whether an import is on the list. */
  public static boolean isUsual(String module, String name) {
    return USUAL.contains(module + '\n' + name);
  }

  /** The rank of an import. */
  static Rank rank(String module, String name) {
    if (isUsual(module, name)) {
      return Rank.USUAL;
    }
    for (int dot = module.indexOf('.'); dot >= 0; dot = module.indexOf('.', dot + 1)) {
      if (STRIKING.contains(module.substring(0, dot))) {
        return Rank.STRIKING;
      }
    }
    return STRIKING.contains(module) ? Rank.STRIKING : Rank.UNUSUAL;
  }
}
