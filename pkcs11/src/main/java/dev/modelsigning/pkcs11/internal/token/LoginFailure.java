package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.signing.SigningException;

/** Messages for failed logins. */
final class LoginFailure {

  private LoginFailure() {}

  /**
   * Returns the failure for the return code of {@code C_Login}.
   *
   * @param name the label of the token, safe for display
   */
  static SigningException of(String name, CryptokiException e) {
    return new SigningException(
        switch (e.codeName()) {
          case "CKR_PIN_INCORRECT" ->
              "wrong PIN for the token "
                  + name
                  + "; it is not tried again, since tokens lock after a few wrong PINs";
          case "CKR_PIN_LOCKED" -> locked(name);
          case "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE" ->
              "the token "
                  + name
                  + " takes no PIN of this length or with these characters ("
                  + e.codeName()
                  + ")";
          case "CKR_PIN_EXPIRED" ->
              "the PIN of the token " + name + " has expired; change it, then sign again";
          case "CKR_USER_PIN_NOT_INITIALIZED" ->
              "the token "
                  + name
                  + " has no PIN yet; set one, for example with pkcs11-tool"
                  + " --init-pin";
          case "CKR_CANCEL", "CKR_FUNCTION_CANCELED" ->
              "entering the PIN of the token " + name + " was cancelled";
          case "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", "CKR_USER_TOO_MANY_TYPES" ->
              "somebody else is logged in to the token " + name + " (" + e.codeName() + ")";
          default -> "logging in to the token " + name + " failed: " + e.getMessage();
        },
        e);
  }

  /** The message that the PIN is locked, with the remedy. */
  static String locked(String name) {
    return "the PIN of the token "
        + name
        + " is locked after too many wrong ones; have its security officer unlock it, for example"
        + " with pkcs11-tool --unlock-pin";
  }
}
