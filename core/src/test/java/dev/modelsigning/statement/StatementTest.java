package dev.modelsigning.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

  private static final String OTHER =
      "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"a\",\"digest\":{"
          + "\"sha256\":\"00\",\"gitCommit\":\"11\"}},{\"digest\":{\"sha512\":\"22\"}}],"
          + "\"predicateType\":\"https://example.com/test/v1\","
          + "\"predicate\":{\"result\":1.50,\"list\":[null,true]}}";

  private final Forge forge = new Forge();

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Statement read(String payload) throws Exception {
    return Statement.read(forge.verifier().verify(forge.bundle(payload)));
  }

  private void refuses(String payload, String message) {
    assertThatThrownBy(() -> read(payload))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining(message);
  }

  @Test
  void readsAnyOtherPredicateAsItIs() throws Exception {
    Statement statement = read(OTHER);
    assertThat(statement)
        .isEqualTo(
            new Statement(
                List.of(
                    new Subject("a", Map.of("sha256", "00", "gitCommit", "11")),
                    new Subject("", Map.of("sha512", "22"))),
                "https://example.com/test/v1",
                new Predicate.Other(Optional.of("{\"result\":1.50,\"list\":[null,true]}"))));
    assertThat(statement.subjects().get(0).digests().keySet())
        .containsExactly("sha256", "gitCommit");
    assertThat(statement.modelName()).isEmpty();
    assertThat(new String(statement.toPayload().content().toArray(), StandardCharsets.UTF_8))
        .isEqualTo(OTHER);
  }

  @Test
  void readsAStatementWithoutAPredicate() throws Exception {
    Statement statement = read(OTHER.replaceFirst(",\"predicate\":.*", "}"));
    assertThat(statement.predicate()).isEqualTo(new Predicate.Other(Optional.empty()));
  }

  @Test
  void refusesOtherStatementsThatAreMalformed() {
    refuses(OTHER.replaceFirst("\\[\\{\"name.*?}}]", "[]"), "subject");
    refuses(OTHER.replace("{\"sha512\":\"22\"}", "{}"), "subject[1].digest");
    refuses(OTHER.replace("{\"result\":1.50,\"list\":[null,true]}", "[]"), "predicate");
    refuses(OTHER.replace("\"predicate\":", "\"predicat\":"), "predicat");
    refuses(OTHER.replace("Statement/v1", "Statement/v2"), "_type");
    refuses(OTHER.replace("\"predicateType\":\"https://example.com/test/v1\",", ""), "Type");
  }

  @Test
  void isNoStatementAboutAModelWithAnotherPredicate(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("a"), "alpha");
    Bundle bundle = forge.bundle(OTHER);
    assertThatThrownBy(() -> ModelVerifier.using(forge.verifier()).verify(directory, bundle))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessage(
            "payload: predicateType: expected 'https://model_signing/signature/v1.0',"
                + " found 'https://example.com/test/v1' (OMS 8.3)");
  }

  private static VerifiedPayload asserted(Payload payload, PayloadEncoding encoding) {
    return VerifiedPayload.assertion(
        payload, encoding, new OtherIdentity("test", "nobody", Map.of()), List.of(), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/vnd.in-toto+JSON", "text/plain"})
  void refusesAPayloadOfAnotherType(String type) {
    VerifiedPayload verified = asserted(new Payload(type, bytes(OTHER)), PayloadEncoding.PAE);
    assertThatThrownBy(() -> Statement.read(verified))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("payloadType")
        .hasMessageContaining("'" + type + "'");
  }

  @Test
  void readsNothingButTheOldFormUnderTheOldEncoding() throws Exception {
    for (String payload : List.of(OTHER, new StatementText().file("a", "alpha").toString())) {
      VerifiedPayload verified =
          asserted(Payload.inToto(bytes(payload)), PayloadEncoding.DIGESTS_V0_1);
      assertThatThrownBy(() -> Statement.read(verified))
          .isInstanceOf(MalformedBundleException.class)
          .hasMessageContaining("predicateType: expected 'https://model_signing/Digests/v0.1'");
    }
  }

  @Test
  void signsSeveralPayloadsInOneGo(@TempDir Path directory) throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P384, privateKey, publicKey);
    List<Payload> payloads =
        List.of(
            Payload.inToto(bytes(OTHER)),
            Payload.inToto(bytes(new StatementText().file("a", "alpha").toString())));
    List<SignedPayload> signed = KeySigner.load(privateKey).sign(payloads);
    assertThat(signed).hasSize(2);
    for (int i = 0; i < signed.size(); i++) {
      VerifiedPayload verified = KeyVerifier.load(publicKey).verify(signed.get(i).bundle());
      assertThat(verified.payload()).isEqualTo(payloads.get(i));
      assertThat(verified.signer()).isEqualTo(signed.get(i).signer());
    }
  }

  // --- statements that contradict themselves

  private static final List<Subject> ONE = List.of(new Subject("a", Map.of("sha256", "00")));

  private static Statement aboutModel() {
    Serialization files = new Serialization.Files(HashAlgorithm.SHA256, false, List.of());
    return Statement.about(
        "model",
        new Manifest(
            files,
            List.of(
                new ResourceDescriptor("a", new Digest(HashAlgorithm.SHA256, "ab".repeat(32))))));
  }

  @Test
  void isOfTheTypeOfItsPredicate() {
    Predicate other = new Predicate.Other(Optional.of("{}"));
    Predicate model = aboutModel().predicate();
    for (String type : List.of(Predicate.SignatureV1.TYPE, Predicate.DigestsV01.TYPE, "")) {
      assertThatThrownBy(() -> new Statement(ONE, type, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("predicate");
    }
    for (String type : List.of("https://example.com/test/v1", Predicate.DigestsV01.TYPE)) {
      assertThatThrownBy(() -> new Statement(ONE, type, model))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("predicate");
    }
  }

  @Test
  void writesNothingAboutAModelThatIsNotItsSubject() {
    Statement model = aboutModel();
    List<Subject> two = List.of(model.subjects().get(0), ONE.get(0));
    assertThatThrownBy(() -> new Statement(two, model.predicateType(), model.predicate()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exactly one subject");
    Statement wrong = new Statement(ONE, model.predicateType(), model.predicate());
    assertThatThrownBy(wrong::toPayload)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("root digest");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{},\"subject\":[]",
        "{}}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":\"\\ud800\"}"
      })
  void writesNoPredicateThatIsNoObject(String json) {
    Statement statement =
        new Statement(ONE, "https://example.com/test/v1", new Predicate.Other(Optional.of(json)));
    assertThatThrownBy(statement::toPayload)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("predicate");
  }

  // --- untrusted statements

  @Test
  void readsOtherStatementsWithinBounds() throws Exception {
    String subject = "{\"digest\":{\"sha256\":\"00\",\"b\":\"\"}}";
    String most = (subject + ",").repeat(49_999) + subject;
    String begin = OTHER.substring(0, OTHER.indexOf("{\"name\""));
    String end = OTHER.substring(OTHER.indexOf("],\"predicateType\""));
    assertThat(read(begin + most + end).subjects()).hasSize(50_000);
    refuses(
        begin + most + ",{\"digest\":{\"sha256\":\"00\"}}" + end,
        "subject[50000].digest.sha256: expected at most 100000 digests of all subjects");
  }

  @Test
  void refusesAnEmptyPredicateType() {
    refuses(OTHER.replace("https://example.com/test/v1", ""), "predicateType: must not be empty");
  }
}
