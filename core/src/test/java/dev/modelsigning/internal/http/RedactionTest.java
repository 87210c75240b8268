package dev.modelsigning.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No part of a secret remains in a text, in whatever form a service returns it. */
class RedactionTest {

  private static final String JWT =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6InNpZ3N0b3JlIn0"
          + ".aSBhbS1hX3NpZ25hdHVyZS1vZi1zb21lYm9keQ";
  private static final String OPAQUE = "gho_16C7e42F292c6912+E7/710c838347Ae178B4a==";
  private static final String ODD = "p\u00e4ss w\u00f6rd&\"\\/%41<x>";

  static Set<String> secrets() {
    return new TreeSet<>(List.of(JWT, OPAQUE, ODD, "s3cr3t!", "pw-42"));
  }

  private static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format("%%%02x", each));
    }
    return encoded.toString();
  }

  private static String units(String format, String text) {
    return text.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> forms(String secret) {
    String pair = "client:" + URLEncoder.encode(secret, StandardCharsets.UTF_8);
    return List.of(
        secret,
        URLEncoder.encode(secret, StandardCharsets.UTF_8),
        percent(secret),
        percent(percent(secret)),
        units("\\u%04x", secret),
        units("\\u%04X", secret),
        units("&#%d;", secret),
        units("&#x%x;", secret),
        percent(units("\\u%04x", secret)),
        secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"),
        secret.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"),
        String.join("\r\n ", secret.split("(?<=\\G....)")),
        base64(secret),
        base64("x" + secret + "y"),
        base64("xy" + secret),
        base64(pair),
        percent(base64(pair)),
        Base64.getUrlEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
        Base64.getMimeEncoder(20, new byte[] {'\n'})
            .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void findsASecretInEveryForm(String secret) {
    Redaction redaction = Redaction.of(List.of(secret));
    for (String form : forms(secret)) {
      String shown = redaction.apply("{\"message\":[\"before " + form + " after\"]}");
      assertThat(shown).startsWith("{\"message\":[\"before ").endsWith(" after\"]}");
      String rest =
          shown.substring(
              "{\"message\":[\"before ".length(), shown.length() - " after\"]}".length());
      // In Base64 what is beside the secret may stay, and a few bits of its ends.
      assertThat(DecodedText.of(rest.replace("(redacted)", "")).text())
          .as(form + " -> " + rest)
          .hasSizeLessThan(16);
      assertThat(rest).contains("(redacted)");
    }
  }

  @Test
  void findsAnyPartOfASecret() {
    Redaction redaction = Redaction.of(List.of(OPAQUE));
    for (int from = 0; from + 12 <= OPAQUE.length(); from++) {
      String part = OPAQUE.substring(from, Math.min(OPAQUE.length(), from + 12));
      assertThat(redaction.apply("<" + part + ">")).matches("<[+=/]*\\(redacted\\)[+=/]*>");
    }
  }

  @Test
  void findsTokensThatNobodyNamed() {
    Redaction redaction = Redaction.of(List.of());
    for (int length = 4; length <= JWT.length(); length++) {
      String cut = JWT.substring(0, length);
      assertThat(redaction.apply("got " + cut)).isEqualTo("got (redacted)");
      assertThat(redaction.apply("got " + percent(cut))).isEqualTo("got (redacted)");
      assertThat(redaction.apply("got \"" + units("\\u%04x", cut) + "\""))
          .isEqualTo("got \"(redacted)\"");
    }
    assertThat(redaction.apply(JWT.substring(30))).doesNotContain("eyJz").doesNotContain("aSBh");
    assertThat(redaction.apply(base64(JWT))).isEqualTo("(redacted)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "no such bearer xyz here | no such bearer (redacted) here",
        "Authorization: Bearer xyz | Authorization: Bearer (redacted)",
        "Authorization: Basic dXNlcjpwYXNzd29yZA== | Authorization: Basic (redacted)",
        "Bearer%20xyz | Bearer%20(redacted)",
        "{\"access_token\":\"abc\",\"x\":\"y\"} | {\"access_token\":\"(redacted)\",\"x\":\"y\"}",
        "{\"refresh_token\": \"abc\"} | {\"refresh_token\": \"(redacted)\"}",
        "a?code=abc&state=1 | a?code=(redacted)&state=1",
        "client_secret=abc&x=1 | client_secret=(redacted)&x=1",
        "a code_verifier=abc | a code_verifier=(redacted)"
      })
  void findsWhatIsNamedAsASecret(String text, String expected) {
    assertThat(Redaction.of(List.of()).apply(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "There was an error processing the identity token",
        "the bearer token is invalid: expired",
        "{\"code\":3,\"message\":\"error verifying: id token: expired\",\"details\":[]}",
        "{\"error\":\"invalid_grant\",\"error_description\":\"the code is wrong\"}",
        "out of order, 100% of it\\ & <b>more</b> \ud83d\ude00 \u00e4",
        "https://rekor.example.org/api/v1/log/entries/24296fb24b8ad77a0123456789abcdef",
        "dev.modelsigning.sigstore.SigstoreSigner"
      })
  void leavesOtherTextAlone(String text) {
    assertThat(Redaction.of(List.of(JWT, OPAQUE)).apply(text)).isEqualTo(text);
  }

  @Test
  void takesSecretsOutOfCausesToo() {
    Redaction redaction = Redaction.of(List.of(OPAQUE));
    Exception clean = new IllegalStateException("no", new IllegalArgumentException("clean"));
    assertThat(redaction.apply(clean)).isSameAs(clean);
    Exception dirty = new IllegalStateException("no", new IllegalArgumentException(OPAQUE));
    assertThat(redaction.apply(dirty)).hasNoCause();
  }

  @Test
  void isFastOnLongTexts() {
    Redaction redaction = Redaction.of(List.of(JWT, OPAQUE));
    long start = System.nanoTime();
    for (String part :
        List.of("%", "%25", "\\", "\\u005c", "&#38;", "eyJ", "a.", "aaaaaaaaaaaaaaaa.", "token=")) {
      redaction.apply(part.repeat(64 * 1024 / part.length()));
    }
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }
}
