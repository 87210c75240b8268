package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;

/** The rules for findings about tokens, which are published by {@code Pkcs11Rules}. */
public final class TokenRules {

  /** One try is left before the token locks itself. */
  public static final Rule PIN_LAST_TRY =
      new Rule(
          "PIN_LAST_TRY",
          Severity.WARNING,
          "one try is left for the PIN of a token; a wrong PIN locks it",
          "enter the right one, or have the token's administrator reset the count");

  /** Wrong PINs were entered before. */
  public static final Rule PIN_TRIES_LOW =
      new Rule(
          "PIN_TRIES_LOW",
          Severity.WARNING,
          "wrong PINs were entered for a token; a few more of them lock it",
          "find out who entered them");

  /** The PIN is entered at the reader, not here. */
  public static final Rule PIN_AT_READER =
      new Rule(
          "PIN_AT_READER",
          Severity.NOTE,
          "the token takes its PIN at its reader only",
          "enter the PIN there");

  /** A session with a token could not be closed. */
  public static final Rule TOKEN_SESSION_OPEN =
      new Rule(
          "TOKEN_SESSION_OPEN",
          Severity.WARNING,
          "the session with a token does not end; what was signed stays signed",
          "remove the token and insert it again, if others cannot use it");

  private TokenRules() {}
}
