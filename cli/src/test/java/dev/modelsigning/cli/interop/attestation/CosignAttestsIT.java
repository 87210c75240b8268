package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cosign signs about the root digest of a model is read, and never taken for more. */
@WithCosign
@OnOneJdk
class CosignAttestsIT {

  private static final PredicateSample RESULT = PredicateSample.TEST_RESULT;

  /** The type of the statements without predicate that cosign writes for images. */
  private static final String NO_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

  @TempDir private Path directory;

  private Cosign cosign;
  private AttestedModel model;
  private Path claims;

  @BeforeEach
  void makeModel() throws Exception {
    cosign = Cosign.at(directory.resolve("home"));
    model = AttestedModel.in(directory);
    claims = directory.resolve("cosign.sigstore.json");
  }

  private KeyPair sign(String curve) throws Exception {
    KeyPair keys = KeyPair.generate(directory, curve);
    model.sign(Client.java(), "key", "--private-key", keys.privateKey().toString());
    return keys;
  }

  /** Has cosign sign a predicate about the model; it writes statements of version 0.1. */
  private void attest(KeyPair keys, String digest) throws Exception {
    Path predicate = Files.writeString(directory.resolve("predicate.json"), RESULT.json());
    cosign.sign(
        cosign.importKey(keys.privateKey()),
        claims,
        "attest-blob",
        "--predicate",
        predicate.toString(),
        "--type",
        RESULT.uri(),
        "--hash",
        digest,
        "model");
  }

  /** Has cosign sign a statement of our making. */
  private void attestStatement(KeyPair keys, String statement) throws Exception {
    Path file = Files.writeString(directory.resolve("statement.json"), statement);
    cosign.sign(
        cosign.importKey(keys.privateKey()), claims, "attest-blob", "--statement", file.toString());
  }

  private String statement(String type, String tail) throws Exception {
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"model\","
        + "\"digest\":{\"sha256\":\""
        + model.root()
        + "\"}}],\"predicateType\":\""
        + type
        + "\""
        + tail
        + "}";
  }

  private Client.Outcome verify(KeyPair keys, String type) throws Exception {
    return model.verify(
        "key", type, "--public-key", keys.publicKey().toString(), "--claims", claims.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void whatItAttestsCountsWithoutBindingTheNames(String curve) throws Exception {
    KeyPair keys = sign(curve);
    attest(keys, model.root());
    assertThat(AttestedModel.payload(Bundle.read(claims)))
        .contains("\"https://in-toto.io/Statement/v0.1\"");

    verify(keys, RESULT.type())
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "\"result\": \"PASSED\"")
        .endsWith(0, "it has no digest of the file names, which only the model's signature binds");
  }

  @Test
  void aStatementOfVersion1CountsToo() throws Exception {
    KeyPair keys = sign("P-256");
    attestStatement(keys, statement(RESULT.uri(), ",\"predicate\":" + RESULT.json()));

    verify(keys, RESULT.type())
        .endsWith(0, "with 1 attestation")
        .endsWith(0, "it has no digest of the file names, which only the model's signature binds");
  }

  @Test
  void aStatementWithoutPredicateCountsAsSuch() throws Exception {
    KeyPair keys = sign("P-256");
    attestStatement(keys, statement(NO_PREDICATE, ""));

    verify(keys, NO_PREDICATE).endsWith(0, "    (none)");
    verify(keys, RESULT.type()).refuses("found 1 claim of other types");
    // As a signature, it even names its key in another way.
    Client.java()
        .verify(model.path(), claims, keys.publicKey())
        .refuses("the bundle was signed with another key");
  }

  @Test
  void theSignatureOfAModelThatCosignMadeIsNoClaim() throws Exception {
    KeyPair keys = sign("P-256");
    for (String predicate : List.of("", ",\"predicate\":{}")) {
      attestStatement(keys, statement(AttestedModel.OMS, predicate));
      verify(keys, RESULT.type())
          .refuses(claims + ":1: ")
          .refuses("this is the signature of a model, not an attestation");
    }
  }

  /** With the name of the key as OMS writes it, so that only the statement can be refused. */
  @Test
  void noOtherStatementSignsAModel() throws Exception {
    TestCertificate signer = TestCertificate.named("CN=Keys").signer().selfSigned();
    KeyPair keys =
        new KeyPair(
            signer.writeKey(directory.resolve("key.pem")),
            signer.writePublicKey(directory.resolve("key.pub")));
    Forge forge =
        new Forge(
            new TestKeys(
                EcdsaScheme.P256,
                signer.keys().getPrivate(),
                (ECPublicKey) signer.keys().getPublic()));
    model.sign(Client.java(), "key", "--private-key", keys.privateKey().toString());

    forge.bundle(statement(NO_PREDICATE, "")).write(claims);
    verify(keys, NO_PREDICATE).endsWith(0, "    (none)");
    Client.java().verify(model.path(), claims, keys.publicKey()).refuses("predicateType: ");

    String old =
        statement(RESULT.uri(), ",\"predicate\":" + RESULT.json())
            .replace("/Statement/v1", "/Statement/v0.1");
    forge.bundle(old).write(claims);
    verify(keys, RESULT.type()).endsWith(0, "with 1 attestation");
    Client.java().verify(model.path(), claims, keys.publicKey()).refuses("_type: ");

    forge
        .bundle(
            AttestedModel.payload(Bundle.read(model.signature()))
                .replace("/Statement/v1", "/Statement/v0.1"))
        .write(claims);
    Client.java().verify(model.path(), claims, keys.publicKey()).refuses("_type: ");
  }

  @Test
  void whatItAttestsAboutAnotherModelDoesNotCount() throws Exception {
    KeyPair keys = sign("P-256");
    attest(keys, "ab".repeat(32));

    verify(keys, RESULT.type()).refuses(claims + ":1: ").refuses("it is about another model");
  }

  @Test
  void whatItAttestsWithAnotherKeyDoesNotCount() throws Exception {
    KeyPair keys = sign("P-256");
    attest(
        KeyPair.generate(Files.createDirectories(directory.resolve("other")), "P-256"),
        model.root());

    verify(keys, RESULT.type())
        .refuses(claims + ":1: ")
        .refuses("the bundle was signed with another key");
  }

  @Test
  void noSignatureOfABlobIsAClaim() throws Exception {
    KeyPair keys = sign("P-256");
    Path key = cosign.importKey(keys.privateKey());
    Path blob = Files.writeString(directory.resolve("blob"), "weights");
    cosign.sign(key, claims, "sign-blob", blob.toString());
    assertThat(Files.readString(claims)).contains("messageSignature");

    verify(keys, RESULT.type()).refuses(claims + ":1: ").refuses("messageSignature");

    // As a line among others it does not keep the others from counting.
    model
        .attest(Client.java(), "key", RESULT, "--private-key", keys.privateKey().toString())
        .succeeds();
    String ours = Files.readString(model.claims());
    Files.writeString(model.claims(), Files.readString(claims).strip() + "\n" + ours);
    model
        .verify("key", RESULT.type(), "--public-key", keys.publicKey().toString())
        .endsWith(0, "with 1 attestation")
        .endsWith(0, model.claims() + ":1: does not count: ");
  }
}
