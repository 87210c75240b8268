package dev.modelsigning.pkcs11.internal.cryptoki;

import java.util.Map;

/** A call of a PKCS #11 module returned something other than {@code CKR_OK}. */
public final class CryptokiException extends Exception {

  private static final long serialVersionUID = 1L;

  // Return codes, by the names of PKCS #11 v2.40.
  public static final long CKR_OK = 0x0;
  public static final long CKR_GENERAL_ERROR = 0x5;
  public static final long CKR_CANT_LOCK = 0xA;
  public static final long CKR_ATTRIBUTE_SENSITIVE = 0x11;
  public static final long CKR_ATTRIBUTE_TYPE_INVALID = 0x12;
  public static final long CKR_MECHANISM_INVALID = 0x70;
  public static final long CKR_PIN_INCORRECT = 0xA0;
  public static final long CKR_PIN_LOCKED = 0xA4;
  public static final long CKR_TOKEN_NOT_PRESENT = 0xE0;
  public static final long CKR_TOKEN_NOT_RECOGNIZED = 0xE1;
  public static final long CKR_USER_ALREADY_LOGGED_IN = 0x100;
  public static final long CKR_BUFFER_TOO_SMALL = 0x150;
  public static final long CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;

  /** Codes and names (PKCS #11 v2.40 header) of the errors that can occur when signing. */
  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(0x1L, "CKR_CANCEL"),
          Map.entry(0x2L, "CKR_HOST_MEMORY"),
          Map.entry(0x3L, "CKR_SLOT_ID_INVALID"),
          Map.entry(CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"),
          Map.entry(0x6L, "CKR_FUNCTION_FAILED"),
          Map.entry(0x7L, "CKR_ARGUMENTS_BAD"),
          Map.entry(CKR_CANT_LOCK, "CKR_CANT_LOCK"),
          Map.entry(CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE"),
          Map.entry(CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID"),
          Map.entry(0x13L, "CKR_ATTRIBUTE_VALUE_INVALID"),
          Map.entry(0x20L, "CKR_DATA_INVALID"),
          Map.entry(0x21L, "CKR_DATA_LEN_RANGE"),
          Map.entry(0x30L, "CKR_DEVICE_ERROR"),
          Map.entry(0x31L, "CKR_DEVICE_MEMORY"),
          Map.entry(0x32L, "CKR_DEVICE_REMOVED"),
          Map.entry(0x50L, "CKR_FUNCTION_CANCELED"),
          Map.entry(0x54L, "CKR_FUNCTION_NOT_SUPPORTED"),
          Map.entry(0x60L, "CKR_KEY_HANDLE_INVALID"),
          Map.entry(0x63L, "CKR_KEY_TYPE_INCONSISTENT"),
          Map.entry(0x68L, "CKR_KEY_FUNCTION_NOT_PERMITTED"),
          Map.entry(CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID"),
          Map.entry(0x71L, "CKR_MECHANISM_PARAM_INVALID"),
          Map.entry(0x82L, "CKR_OBJECT_HANDLE_INVALID"),
          Map.entry(0x90L, "CKR_OPERATION_ACTIVE"),
          Map.entry(0x91L, "CKR_OPERATION_NOT_INITIALIZED"),
          Map.entry(CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT"),
          Map.entry(0xA1L, "CKR_PIN_INVALID"),
          Map.entry(0xA2L, "CKR_PIN_LEN_RANGE"),
          Map.entry(0xA3L, "CKR_PIN_EXPIRED"),
          Map.entry(CKR_PIN_LOCKED, "CKR_PIN_LOCKED"),
          Map.entry(0xB0L, "CKR_SESSION_CLOSED"),
          Map.entry(0xB1L, "CKR_SESSION_COUNT"),
          Map.entry(0xB3L, "CKR_SESSION_HANDLE_INVALID"),
          Map.entry(CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"),
          Map.entry(CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"),
          Map.entry(CKR_USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN"),
          Map.entry(0x101L, "CKR_USER_NOT_LOGGED_IN"),
          Map.entry(0x102L, "CKR_USER_PIN_NOT_INITIALIZED"),
          Map.entry(0x103L, "CKR_USER_TYPE_INVALID"),
          Map.entry(0x104L, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"),
          Map.entry(0x105L, "CKR_USER_TOO_MANY_TYPES"),
          Map.entry(CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL"),
          Map.entry(0x190L, "CKR_CRYPTOKI_NOT_INITIALIZED"),
          Map.entry(CKR_CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED"));

  private final long code;

  /** Creates an exception with the return code of a function. */
  public CryptokiException(String function, long code) {
    super(function + " returned " + name(code));
    this.code = code;
  }

  private CryptokiException(String message) {
    super(message);
    this.code = CKR_GENERAL_ERROR;
  }

  /** Creates an exception for a module that returned {@code CKR_OK} with an invalid result. */
  static CryptokiException nonsense(String function, String what) {
    return new CryptokiException(function + " " + what + "; the PKCS #11 module is faulty");
  }

  /** The return code. */
  public long code() {
    return code;
  }

  /** The name of the code, or its number if it is vendor-defined. */
  public String codeName() {
    return name(code);
  }

  /** Whether the session, the login or the token no longer exists. */
  public boolean meansGone() {
    return switch (codeName()) {
      case "CKR_DEVICE_REMOVED",
          "CKR_DEVICE_ERROR",
          "CKR_KEY_HANDLE_INVALID",
          "CKR_OBJECT_HANDLE_INVALID",
          "CKR_SESSION_CLOSED",
          "CKR_SESSION_HANDLE_INVALID",
          "CKR_TOKEN_NOT_PRESENT",
          "CKR_USER_NOT_LOGGED_IN",
          "CKR_CRYPTOKI_NOT_INITIALIZED" ->
          true;
      default -> false;
    };
  }

  private static String name(long code) {
    String name = NAMES.get(code);
    return name == null ? "0x" + Long.toHexString(code) : name;
  }
}
