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
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
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
        payload, encoding, new SignerIdentity("key", "test", Map.of()), List.of(), List.of());
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
}
