package dev.modelsigning.pkcs11.internal.cryptoki;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The functions of a module, called by their index in {@code CK_FUNCTION_LIST}. */
final class NativeFunctions {

  private static final int INITIALIZE = 0;

  private static final long CKF_OS_LOCKING_OK = 0x2;

  private final StructureLayout layout;

  /** Referenced here, since a library without references is unloaded. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final NativeLibrary library;

  private final Pointer list;

  private NativeFunctions(StructureLayout layout, NativeLibrary library, Pointer list) {
    this.layout = layout;
    this.library = library;
    this.list = list;
  }

  /**
   * Returns the functions of a library.
   *
   * @throws UnsatisfiedLinkError if it has no {@code C_GetFunctionList}
   */
  static NativeFunctions of(NativeLibrary library, StructureLayout layout)
      throws CryptokiException {
    Memory list = new Memory(layout.pointerSize());
    long code = returned(layout, library.getFunction("C_GetFunctionList"), list);
    if (code != CryptokiException.CKR_OK) {
      throw new CryptokiException("C_GetFunctionList", code);
    }
    return new NativeFunctions(layout, library, list.getPointer(0));
  }

  StructureLayout layout() {
    return layout;
  }

  /** {@code C_Initialize}; other code may have initialised the module already. */
  void initialize() throws CryptokiException {
    Memory arguments = new Memory(layout.initializeSize());
    arguments.clear();
    layout.writeLong(arguments, layout.initializeFlags(), CKF_OS_LOCKING_OK);
    long code = returned(INITIALIZE, arguments);
    if (code == CryptokiException.CKR_CANT_LOCK) {
      // Only one thread at a time calls the module, so it need not lock.
      code = returned(INITIALIZE, Pointer.NULL);
    }
    if (code != CryptokiException.CKR_OK
        && code != CryptokiException.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
      throw new CryptokiException("C_Initialize", code);
    }
  }

  /** Calls a function that must return {@code CKR_OK}. */
  void check(String name, int index, @Nullable Object... arguments) throws CryptokiException {
    long code = returned(index, arguments);
    if (code != CryptokiException.CKR_OK) {
      throw new CryptokiException(name, code);
    }
  }

  /** Calls a function and returns its return code. */
  long returned(int index, @Nullable Object... arguments) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("nobody waits for the module any longer");
    }
    Function function = Function.getFunction(list.getPointer(layout.function(index)));
    return returned(layout, function, arguments);
  }

  private static long returned(
      StructureLayout layout, Function function, @Nullable Object... arguments) {
    long code = ((NativeLong) function.invoke(NativeLong.class, arguments)).longValue();
    return layout.longSize() == 4 ? Integer.toUnsignedLong((int) code) : code;
  }
}
