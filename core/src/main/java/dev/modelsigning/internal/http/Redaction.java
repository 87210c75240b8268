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
 * Takes secrets out of a text before anybody cuts or shows it: those that are known, and what looks
 * like a token. A secret is found however it is escaped ({@link DecodedText}), in Base64, broken by
 * white space, and in pieces: any eight characters of it are too many.
 */
final class Redaction {

  private static final String MARK = "(redacted)";

  /** The length of the pieces of secrets that are looked for. */
  private static final int PIECE = 8;

  /** A shorter text is no secret, and is part of any. */
  private static final int MIN_SECRET = 3;

  private static final String FIELDS =
      "(?:access|id|refresh|identity|subject|request|actor)_?token|token|client_?secret|secret"
          + "|(?:client_?)?assertion|code_?verifier|password|api_?key|authorization";

  /** What looks like a token; the first group is what to hide, if there is one. */
  private static final List<Pattern> TOKENS =
      List.of(
          // A JWT, or the beginning of one: Base64 of '{"', and again in Base64.
          Pattern.compile("(?:eyJ|ZXlK)[\\w+/=-]*+(?:\\.[\\w=-]*+){0,4}"),
          // Whatever has parts like a JWT.
          Pattern.compile("(?<![\\w-])[\\w-]{16,}+\\.[\\w-]{16,}+(?:\\.[\\w-]*+)?"),
          Pattern.compile(
              "(?i)\\b(?:bearer|dpop)[\\s:=]++[\"']?(?!tokens?\\b|auth)([^\\s\"',;<>{}()]++)"),
          Pattern.compile("(?i)\\bbasic\\s++([\\w+/-]{8,}+=*+)"),
          Pattern.compile("(?i)[\"'](?:" + FIELDS + ")[\"']\\s*+[:=]\\s*+[\"']([^\"']++)"),
          Pattern.compile("(?i)\\b(?:" + FIELDS + "|code)=[\"']?([^\\s\"'&;<>]++)"));

  private final Set<String> pieces = new HashSet<>();
  private final Set<String> shortSecrets = new HashSet<>();

  private Redaction() {}

  /** Takes out these secrets, and what looks like one. */
  static Redaction of(Collection<String> secrets) {
    Redaction redaction = new Redaction();
    for (String secret : secrets) {
      redaction.add(secret);
      redaction.addBase64(secret.getBytes(StandardCharsets.UTF_8));
      // HTTP basic authentication encodes what was encoded for a form (RFC 6749 2.3.1).
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

  /** In Base64 the same bytes look in three ways, by what is before them. */
  private void addBase64(byte[] secret) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + secret.length];
      System.arraycopy(secret, 0, shifted, before, secret.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // The characters at the ends depend on the neighbours, too.
      int start = before == 0 ? 0 : before + 1;
      int end = encoded.length() - (shifted.length % 3 == 0 ? 0 : 1);
      if (end - start >= 2 * MIN_SECRET) {
        add(encoded.substring(start, end));
      }
    }
  }

  /** The text without secrets. */
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
   * What went wrong without secrets, for those who show causes as well: the same if it has none, or
   * else one with what is left of its message.
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
