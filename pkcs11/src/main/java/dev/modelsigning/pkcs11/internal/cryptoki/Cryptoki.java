package dev.modelsigning.pkcs11.internal.cryptoki;

import dev.modelsigning.bundle.Bytes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a PKCS #11 module that signing needs, with the names and numbers of PKCS #11 v2.40.
 * The module is already initialised. It is used by one thread at a time, see {@link TokenModule}.
 */
public interface Cryptoki {

  // Flags of tokens.
  long CKF_LOGIN_REQUIRED = 0x4;
  long CKF_PROTECTED_AUTHENTICATION_PATH = 0x100;
  long CKF_TOKEN_INITIALIZED = 0x400;
  long CKF_USER_PIN_COUNT_LOW = 0x10000;
  long CKF_USER_PIN_FINAL_TRY = 0x20000;
  long CKF_USER_PIN_LOCKED = 0x40000;

  /** The flag of a mechanism that can sign. */
  long CKF_SIGN = 0x800;

  // User types: the owner of the token, or a login for a single signature.
  long CKU_USER = 1;
  long CKU_CONTEXT_SPECIFIC = 2;

  // Classes of objects.
  long CKO_CERTIFICATE = 1;
  long CKO_PUBLIC_KEY = 2;
  long CKO_PRIVATE_KEY = 3;

  // Types of keys.
  long CKK_RSA = 0;
  long CKK_EC = 3;

  // Attributes of objects.
  long CKA_CLASS = 0x0;
  long CKA_LABEL = 0x3;
  long CKA_VALUE = 0x11;
  long CKA_KEY_TYPE = 0x100;
  long CKA_ID = 0x102;
  long CKA_SIGN = 0x108;
  long CKA_EC_PARAMS = 0x180;
  long CKA_EC_POINT = 0x181;
  long CKA_ALWAYS_AUTHENTICATE = 0x202;

  // Mechanisms: ECDSA over a hash, or with hashing by the token.
  long CKM_ECDSA = 0x1041;
  long CKM_ECDSA_SHA256 = 0x1044;
  long CKM_ECDSA_SHA384 = 0x1045;
  long CKM_ECDSA_SHA512 = 0x1046;

  /**
   * The information of a module; names without padding.
   *
   * @param version the major version in the high byte, the minor version in the low byte
   */
  record LibraryInfo(Bytes manufacturer, Bytes description, int version) {}

  /** The information about a slot. */
  record SlotInfo(Bytes description, Bytes manufacturer) {}

  /**
   * The information about a token.
   *
   * @param maxPin the largest length of a PIN in bytes; 0 or negative if unknown
   * @param minPin the smallest length in bytes; 0 or negative if unknown
   */
  record TokenInfo(
      Bytes label,
      Bytes manufacturer,
      Bytes model,
      Bytes serial,
      long flags,
      long maxPin,
      long minPin) {

    /** Whether a flag, {@code CKF_...}, is set. */
    public boolean has(long flag) {
      return (flags & flag) != 0;
    }
  }

  /** An attribute for searching objects. */
  record Attribute(long type, Bytes value) {}

  /** {@code C_GetInfo}. */
  LibraryInfo libraryInfo() throws CryptokiException;

  /** {@code C_GetSlotList}: the slots that contain a token. */
  List<Long> slots() throws CryptokiException;

  /** {@code C_GetSlotInfo}. */
  SlotInfo slotInfo(long slot) throws CryptokiException;

  /** {@code C_GetTokenInfo}. */
  TokenInfo tokenInfo(long slot) throws CryptokiException;

  /**
   * {@code C_GetMechanismInfo}: the flags of a mechanism; none if the token does not support it.
   */
  long mechanismFlags(long slot, long mechanism) throws CryptokiException;

  /** {@code C_OpenSession}, read-only. */
  long openSession(long slot) throws CryptokiException;

  /** {@code C_CloseSession}. */
  void closeSession(long session) throws CryptokiException;

  /**
   * {@code C_Login}.
   *
   * @param pin null if the token has its own means of input; the array is not modified
   */
  void login(long session, long user, byte @Nullable [] pin) throws CryptokiException;

  /** {@code C_FindObjects}: the objects that have these attributes. */
  List<Long> find(long session, long objectClass, List<Attribute> attributes)
      throws CryptokiException;

  /**
   * {@code C_GetAttributeValue}: a value; empty if the object does not have it or does not reveal
   * it.
   */
  Optional<Bytes> value(long session, long object, long attribute) throws CryptokiException;

  /** Like {@link #value}, for numeric and boolean attributes. */
  Optional<Long> number(long session, long object, long attribute) throws CryptokiException;

  /** {@code C_SignInit}. */
  void signInit(long session, long mechanism, long key) throws CryptokiException;

  /** {@code C_Sign}. */
  Bytes sign(long session, Bytes data) throws CryptokiException;
}
