package dev.modelsigning.internal.http;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redacts secrets in a text before it is truncated or shown: known secrets, and what looks like a
 * token. Secrets are found in any escaping ({@link DecodedText}), in Base64, broken by white space,
 * and in parts: any eight consecutive characters of a secret are redacted.
 */
final class Redaction {

  private static final String MARK = "(redacted)";

  /** The length of the parts of secrets that are searched for. */
  private static final int PIECE = 8;

  /** Shorter texts are not treated as secrets, as they occur in any text. */
  private static final int MIN_SECRET = 3;

  private static final String FIELDS =
      "(?:access|id|refresh|identity|subject|request|actor)_?token|token|client_?secret|secret"
          + "|(?:client_?)?assertion|code_?verifier|password|api_?key|authorization";

  /** Patterns of tokens; the first group is the part to redact, if there is one. */
  private static final List<Pattern> TOKENS =
      List.of(
          // A JWT, or the beginning of one: Base64 of '{"', or that in Base64 again.
          Pattern.compile("(?:eyJ|ZXlK)[\\w+/=-]*+(?:\\.[\\w=-]*+){0,4}"),
          // Anything with parts like those of a JWT.
          Pattern.compile("(?<![\\w-])[\\w-]{16,}+\\.[\\w-]{16,}+(?:\\.[\\w-]*+)?"),
          Pattern.compile(
              "(?i)\\b(?:bearer|dpop)[\\s:=]++[\"']?(?!tokens?\\b|auth)([^\\s\"',;<>{}()]++)"),
          Pattern.compile("(?i)\\bbasic\\s++([\\w+/-]{8,}+=*+)"),
          Pattern.compile("(?i)[\"'](?:" + FIELDS + ")[\"']\\s*+[:=]\\s*+[\"']([^\"']++)"),
          Pattern.compile("(?i)\\b(?:" + FIELDS + "|code)=[\"']?([^\\s\"'&;<>]++)"));

  private final Set<String> pieces = new HashSet<>();
  private final Set<String> shortSecrets = new HashSet<>();

  private Redaction() {}

  /** Returns a redaction of these secrets and of what looks like one. */
  static Redaction of(Collection<String> secrets) {
    Redaction redaction = new Redaction();
    for (String secret : secrets) {
      redaction.add(secret);
      redaction.addBase64(secret.getBytes(StandardCharsets.UTF_8));
      // HTTP Basic authentication encodes the form-encoded value (RFC 6749 2.3.1).
      redaction.addBase64(
          URLEncoder.encode(secret, StandardCharsets.UTF_8).getBytes(StandardCharsets.US_ASCII));
    }
    return redaction;
  }

  private void add(String secret) {
    String plain = DecodedText.of(secret).folded().text();
    if (plain.length() < PIECE) {
      if (plain.length() >= MIN_SECRET) {
        shortSecrets.add(plain);
      }
      return;
    }
    for (int i = 0; i + PIECE <= plain.length(); i++) {
      pieces.add(plain.substring(i, i + PIECE));
    }
  }

  /** The Base64 of the same bytes has three forms, depending on the number of bytes before them. */
  private void addBase64(byte[] secret) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + secret.length];
      System.arraycopy(secret, 0, shifted, before, secret.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // The first and last characters depend on the neighbouring bytes too.
      int start = before == 0 ? 0 : before + 1;
      int end = encoded.length() - (shifted.length % 3 == 0 ? 0 : 1);
      if (end - start >= 2 * MIN_SECRET) {
        add(encoded.substring(start, end));
      }
    }
  }

  /** Returns the text without secrets. */
  String apply(String text) {
    boolean[] hidden = new boolean[text.length()];
    DecodedText decoded = DecodedText.of(text);
    for (Pattern token : TOKENS) {
      Matcher found = token.matcher(decoded.text());
      while (found.find()) {
        int group = found.groupCount();
        decoded.mark(hidden, found.start(group), found.end(group));
      }
    }
    DecodedText folded = decoded.folded();
    String plain = folded.text();
    for (int i = 0; i < plain.length(); i++) {
      if (i + PIECE <= plain.length() && pieces.contains(plain.substring(i, i + PIECE))) {
        folded.mark(hidden, i, i + PIECE);
      }
      for (String secret : shortSecrets) {
        if (plain.startsWith(secret, i)) {
          folded.mark(hidden, i, i + secret.length());
        }
      }
    }
    return replace(text, hidden);
  }

  private static String replace(String text, boolean[] hidden) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < hidden.length; i++) {
      if (!hidden[i]) {
        shown.append(text.charAt(i));
      } else if (i == 0 || !hidden[i - 1]) {
        shown.append(MARK);
      }
    }
    return shown.toString();
  }

  /**
   * Returns a problem without secrets, for programs that show causes too: the same object if it
   * contains none, or else one with the redacted message.
   */
  Exception apply(Exception problem) {
    boolean clean = true;
    for (Throwable each = problem; each != null; each = each.getCause()) {
      clean &= apply(each.toString()).equals(each.toString());
    }
    if (clean) {
      return problem;
    }
    IOException shown = new IOException(apply(problem.toString()));
    shown.setStackTrace(problem.getStackTrace());
    return shown;
  }
}
