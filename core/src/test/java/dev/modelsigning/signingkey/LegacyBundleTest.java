package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The format of model_signing 0.2: readable, never written, and without effect on the current
 * format.
 */
class LegacyBundleTest {

  private static final String OLD = "https://model_signing/Digests/v0.1";

  @TempDir Path directory;

  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma");
  }

  private static String statement(String predicateType, String... subjects) {
    return "{\n\t\"_type\": \"https://in-toto.io/Statement/v1\",\r\n\"subject\": ["
        + String.join(",", subjects)
        + "], \"predicateType\": \""
        + predicateType
        + "\", \"predicate\": {\"unused\": \"it's \\\\ \\u6a21 \u6a21\"}}";
  }

  private static String subject(String name, String content) {
    return "{\"name\":\""
        + name
        + "\",\"digest\":{\"sha256\":\""
        + Forge.sha256(content)
        + "\"},\"annotations\":{\"actual_hash_algorithm\":\"file-sha256\"}}";
  }

  private static String good() {
    return statement(OLD, subject("a", "alpha"), subject("b/c", "gamma"));
  }

  private static Payload payload(String text) {
    return Payload.inToto(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Bundle signed(TestKeys keys, String payload, String algorithm) {
    Payload content = payload(payload);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(keys.privateKey());
      signature.update(LegacyEncoding.of(content).toArray());
      return Bundle.of(
          TestKeys.identifier(keys.publicKey()), new Envelope(content, Bytes.of(signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private VerifiedModel verify(String payload) throws Exception {
    TestKeys keys = TestKeys.generate();
    return ModelVerifier.using(KeyVerifier.using(keys.publicKey()))
        .verify(model, signed(keys, payload, "SHA256withECDSA"));
  }

  private void refuses(String payload, String words) {
    assertThatThrownBy(() -> verify(payload))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining(words);
  }

  @Test
  void encodesThePayloadAsPythonWritesBytes() {
    Payload payload = payload("{\"a\":'\\\t\n\r\u0000\u007f\u00e9~ ");
    assertThat(new String(LegacyEncoding.of(payload).toArray(), StandardCharsets.US_ASCII))
        .isEqualTo(
            "DSSEV1 28 application/vnd.in-toto+json 16"
                + " b'{\"a\":\\'\\\\\\t\\n\\r\\x00\\x7f\\xc3\\xa9~ '");
    assertThat(new String(LegacyEncoding.of(payload("it's")).toArray(), StandardCharsets.US_ASCII))
        .endsWith(" 4 b\"it's\"");
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void verifiesTheOldEncodingBySha256AndByTheHashOfTheCurve(EcdsaScheme algorithm)
      throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    String digest = algorithm.prehash().orElseThrow().replace("-", "");
    for (String jca : new String[] {"SHA256withECDSA", digest + "withECDSA"}) {
      VerifiedModel verified =
          ModelVerifier.using(KeyVerifier.using(keys.publicKey()))
              .verify(model, signed(keys, good(), jca));
      assertThat(verified.statement().predicateType()).isEqualTo(Predicate.DigestsV01.TYPE);
      assertThat(verified.findings()).anyMatch(finding -> finding.message().contains(OLD));
    }
  }

  @Test
  void verifiesTheOldPredicateInTheEncodingOfToday() throws Exception {
    Forge forge = new Forge();
    assertThat(ModelVerifier.using(forge.verifier()).verify(model, forge.bundle(good())).files())
        .isEqualTo(2);
  }

  @Test
  void refusesTheOldEncodingOfAStatementOfToday() {
    String today = new Forge.StatementText().file("a", "alpha").file("b/c", "gamma").toString();
    assertThatThrownBy(() -> verify(today))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://model_signing/signature/v1.0",
        "https://model_signing/Digests/v0.2",
        "https://example.com/other"
      })
  void refusesTheOldEncodingOfAnyOtherPredicate(String predicateType) {
    String payload = statement(predicateType, subject("a", "alpha"), subject("b/c", "gamma"));
    assertThatThrownBy(() -> verify(payload))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  @Test
  void refusesAModelWithAnUnsignedFile() throws Exception {
    Models.write(model, "extra", "x");
    assertThatThrownBy(() -> verify(good()))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MODEL_MISMATCH));
  }

  @Test
  void refusesAStatementWithoutSubjects() {
    refuses(statement(OLD), "subject");
  }

  @Test
  void refusesANameTwice() {
    refuses(statement(OLD, subject("a", "alpha"), subject("a", "evil")), "is listed twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/a", "b/../a", "./a", "b//c", ""})
  void refusesNamesThatAreNotCanonical(String name) {
    refuses(statement(OLD, subject(name, "alpha")), "payload: subject[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file-sha256-1000000", "file-blake2b", "sha256"})
  void refusesDigestsThatAreSomethingElse(String algorithm) {
    refuses(
        statement(OLD, subject("a", "alpha").replace("file-sha256", algorithm)),
        "expected 'file-sha256', found '" + algorithm + "'");
  }

  @Test
  void refusesOtherDigestsAndNone() {
    refuses(statement(OLD, subject("a", "alpha").replace("\"sha256\"", "\"sha512\"")), "sha512");
    refuses(statement(OLD, "{\"name\":\"a\",\"digest\":{}}"), "digest");
    refuses(statement(OLD, "{\"name\":\"a\"}"), "digest");
    refuses(statement(OLD, subject("a", "alpha").replace("name", "nome")), "name");
  }

  @Test
  void isNeverWritten() throws Exception {
    Statement old = Statement.readUnverified(new Forge().bundle(good()));
    assertThatThrownBy(old::toPayload).isInstanceOf(IllegalStateException.class);
  }
}
