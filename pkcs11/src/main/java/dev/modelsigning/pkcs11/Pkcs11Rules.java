package dev.modelsigning.pkcs11;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.pkcs11.internal.token.TokenRules;
import java.util.List;

/** The rules of this module, in the order of {@code docs/findings.md}. */
public final class Pkcs11Rules {

  /** One try is left before the token locks itself. */
  public static final Rule PIN_LAST_TRY = TokenRules.PIN_LAST_TRY;

  /** Wrong PINs were entered before. */
  public static final Rule PIN_TRIES_LOW = TokenRules.PIN_TRIES_LOW;

  /** The PIN is entered at the reader, not here. */
  public static final Rule PIN_AT_READER = TokenRules.PIN_AT_READER;

  /** A session with a token could not be closed. */
  public static final Rule TOKEN_SESSION_OPEN = TokenRules.TOKEN_SESSION_OPEN;

  private Pkcs11Rules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(PIN_LAST_TRY, PIN_TRIES_LOW, PIN_AT_READER, TOKEN_SESSION_OPEN);
  }
}
