package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.MlDsaKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys for ML-DSA, which only --beyond-oms accepts. */
class MlDsaCommandsTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private Path privateKey;
  private Path publicKey;
  private Path signature;

  @BeforeEach
  void makeModelAndKeys() throws IOException {
    workspace = Workspace.in(directory);
    privateKey = workspace.path("mldsa.pem");
    publicKey = workspace.path("mldsa.pub");
    signature = workspace.path("model.mldsa.sig");
  }

  private Invocation generate(String algorithm) {
    return Invocation.of(
        "generate-key",
        "--algorithm",
        algorithm,
        "--private-key",
        privateKey,
        "--public-key",
        publicKey);
  }

  private Invocation sign(Object... more) {
    return workspace.signIn(Map.of(), workspace.model(), privateKey, signature, more);
  }

  private Invocation verify(Path key, Path file, String... more) {
    Object[] args = {"verify", "key", workspace.model(), "--public-key", key, "--signature", file};
    Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Invocation.of(all);
  }

  @ParameterizedTest
  @CsvSource({"ml-dsa-44, ML-DSA-44", "ml-dsa-65, ML-DSA-65", "ML-DSA-87, ML-DSA-87"})
  void signAndVerifyBeyondOms(String algorithm, String shown) throws Exception {
    assertThat(generate(algorithm).assertSucceeded().out()).contains("--beyond-oms");

    Invocation signed = sign("--beyond-oms").assertSucceeded();
    assertThat(signed.out())
        .contains("algorithm    " + shown)
        .contains("--public-key " + publicKey + " --beyond-oms");
    assertThat(signed.err()).contains("not one of OMS v1.0");

    Invocation verified = verify(publicKey, signature, "--beyond-oms").assertSucceeded();
    assertThat(verified.out()).contains(shown);
    assertThat(verified.err()).contains("not one of OMS v1.0");
    assertThat(
            verify(publicKey, signature, "--beyond-oms", "--format", "json")
                .assertSucceeded()
                .out())
        .contains("\"rule\":\"NOT_OMS\"", "\"algorithm\":\"" + shown + "\"");
    assertThat(
            verify(publicKey, signature, "--beyond-oms", "--format", "sarif")
                .assertSucceeded()
                .out())
        .contains("NOT_OMS");
  }

  @Test
  void areRefusedUnlessAskedForBeforeAnythingIsHashed() throws Exception {
    generate("ml-dsa-65").assertSucceeded();
    workspace.link("model/nowhere", "absent"); // hashing would find it

    sign().assertFailed(SIGNING_FAILED, "ML-DSA-65", "OMS v1.0 does not have", "add --beyond-oms");
    assertThat(signature).doesNotExist();
    Files.delete(workspace.path("model/nowhere"));
    sign("--beyond-oms").assertSucceeded();
    verify(publicKey, signature)
        .assertFailed(VERIFICATION_FAILED, "ML-DSA-65", "OMS v1.0 does not have", "--beyond-oms");
  }

  @Test
  void changeNothingForKeysOfOms() throws Exception {
    workspace.sign("--beyond-oms").assertSucceeded();
    Invocation verified =
        verify(workspace.publicKey(), workspace.signature(), "--beyond-oms").assertSucceeded();

    assertThat(verified.err()).isEmpty();
    assertThat(verified.out())
        .isEqualTo(verify(workspace.publicKey(), workspace.signature()).assertSucceeded().out());
  }

  @Test
  void areVerifiedByTheirOwnKeyOnly() throws Exception {
    generate("ml-dsa-44").assertSucceeded();
    sign("--beyond-oms").assertSucceeded();
    workspace.sign().assertSucceeded();

    verify(workspace.publicKey(), signature, "--beyond-oms")
        .assertFailed(VERIFICATION_FAILED, "signed with another key");
    verify(publicKey, workspace.signature(), "--beyond-oms")
        .assertFailed(VERIFICATION_FAILED, "signed with another key");
    workspace.write("model/config.json", "{ }");
    verify(publicKey, signature, "--beyond-oms").assertFailed(VERIFICATION_FAILED, "config.json");
  }

  @Test
  void sayWhichLengthASignatureMustHave() throws Exception {
    generate("ml-dsa-44").assertSucceeded();
    sign("--beyond-oms").assertSucceeded();
    String bundle = Files.readString(signature);
    String made = bundle.replaceAll("(?s).*\"sig\":\\s*\"([^\"]+)\".*", "$1");
    byte[] bytes = java.util.Base64.getDecoder().decode(made);
    String shorter =
        java.util.Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, 2419));
    Files.writeString(signature, bundle.replace(made, shorter));

    verify(publicKey, signature, "--beyond-oms")
        .assertFailed(VERIFICATION_FAILED, "it has 2419 bytes, and those of ML-DSA-44 have 2420");
  }

  @Test
  void areSkippedAmongOtherKeysUnlessAskedFor() throws Exception {
    generate("ml-dsa-44").assertSucceeded();
    sign("--beyond-oms").assertSucceeded();
    workspace.sign().assertSucceeded();
    Path trusted = Files.createDirectory(workspace.path("trusted"));
    Files.copy(workspace.publicKey(), trusted.resolve("a.pub"));
    Path second = Files.copy(publicKey, trusted.resolve("b.pub"));
    Path one =
        workspace.write(
            "both.pub", Files.readString(publicKey) + Files.readString(workspace.publicKey()));

    for (Path place : new Path[] {trusted, one}) {
      Invocation plain = verify(place, workspace.signature()).assertSucceeded();
      assertThat(plain.err())
          .contains((place.equals(one) ? one : second) + ": keys for ML-DSA were skipped");
      assertThat(verify(place, workspace.signature(), "--format", "json").out())
          .contains("\"rule\":\"KEY_SKIPPED\"");
      verify(place, signature)
          .assertFailed(
              VERIFICATION_FAILED, "which does not count here", "ML-DSA-44", "--beyond-oms");
      verify(place, signature, "--beyond-oms").assertSucceeded();
      assertThat(verify(place, workspace.signature(), "--beyond-oms").assertSucceeded().err())
          .isEmpty();
    }
    Files.delete(trusted.resolve("a.pub"));
    verify(trusted, workspace.signature())
        .assertFailed(VERIFICATION_FAILED, second + ": ", "--beyond-oms");
  }

  @Test
  void areNamedByPathsAndFileUris() throws Exception {
    generate("ml-dsa-44").assertSucceeded();
    String pem = Files.readString(publicKey);
    String fingerprint = Invocation.of("fingerprint", publicKey).assertSucceeded().out();

    for (Object half : new Object[] {publicKey, privateKey, publicKey.toUri()}) {
      assertThat(Invocation.of("public-key", half).assertSucceeded().out()).isEqualTo(pem);
      assertThat(Invocation.of("fingerprint", half).assertSucceeded().out()).isEqualTo(fingerprint);
    }
    Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            privateKey.toUri(),
            "--signature",
            signature,
            "--beyond-oms")
        .assertSucceeded();
    Invocation.of(
            "verify",
            "key",
            workspace.model(),
            "--public-key",
            publicKey.toUri(),
            "--signature",
            signature,
            "--beyond-oms")
        .assertSucceeded();
    Invocation.of(
            "verify",
            "key",
            workspace.model(),
            "--public-key",
            publicKey.toUri(),
            "--signature",
            signature)
        .assertFailed(VERIFICATION_FAILED, "--beyond-oms");
  }

  @Test
  void areEncryptedWithAPassword() throws Exception {
    Map<String, String> password = Map.of("MODEL_SIGNING_PASSWORD", "correct horse");
    Invocation.in(
            password,
            "generate-key",
            "--algorithm",
            "ml-dsa-44",
            "--private-key",
            privateKey,
            "--public-key",
            publicKey)
        .assertSucceeded();

    assertThat(Files.readString(privateKey)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    workspace
        .signIn(password, workspace.model(), privateKey, signature, "--beyond-oms")
        .assertSucceeded();
    verify(publicKey, signature, "--beyond-oms").assertSucceeded();
    sign("--beyond-oms").assertFailed(SIGNING_FAILED, "encrypted");
  }

  @Test
  void attestBeyondOmsOnly() throws Exception {
    generate("ml-dsa-44").assertSucceeded();
    sign("--beyond-oms").assertSucceeded();
    Path results = workspace.write("results.json", "{\"result\":\"PASSED\",\"configuration\":[]}");
    Object[] attest = {
      "attest",
      "key",
      workspace.model(),
      "--signature",
      signature,
      "--private-key",
      privateKey,
      "--predicate-type",
      "test-result",
      "--predicate",
      results
    };
    Object[] verify = {
      "verify-attestation",
      "key",
      workspace.model(),
      "--signature",
      signature,
      "--predicate-type",
      "test-result",
      "--public-key",
      publicKey
    };

    assertThat(Invocation.of(attest).err()).contains("add --beyond-oms");
    Invocation.of(and(attest, "--beyond-oms")).assertSucceeded();
    assertThat(Invocation.of(and(verify, "--beyond-oms")).assertSucceeded().err())
        .contains("not one of OMS v1.0");
    Invocation refused = Invocation.of(verify);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("--beyond-oms");
  }

  private static Object[] and(Object[] args, Object more) {
    Object[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = more;
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "2.16.840.1.101.3.4.3.33, HashML-DSA",
    "2.16.840.1.101.3.4.3.20, SLH-DSA",
    "1.3.101.112, Ed25519",
    "1.2.840.113549.1.1.1, RSA"
  })
  void doNotOpenTheDoorForOtherSchemes(String identifier, String name) throws Exception {
    byte[] other =
        new PrivateKeyInfo(
                new AlgorithmIdentifier(new ASN1ObjectIdentifier(identifier)),
                new org.bouncycastle.asn1.DEROctetString(new byte[32]))
            .getEncoded();
    Files.writeString(privateKey, MlDsaKeys.pem("PRIVATE KEY", other));

    sign("--beyond-oms").assertFailed(SIGNING_FAILED, "this is a key for " + name);
  }

  @ParameterizedTest
  @CsvSource({"ecdsa-p256, P-256", "ecdsa-p384, P-384", "ECDSA-P521, P-521"})
  void algorithmsNameCurvesToo(String algorithm, String curve) throws Exception {
    generate(algorithm).assertSucceeded();

    assertThat(sign().assertSucceeded().out()).contains("algorithm    ECDSA " + curve);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ml-dsa", "ml-dsa-99", "rsa", "P-256", ""})
  void refuseAlgorithmsThatThereAreNot(String algorithm) {
    generate(algorithm).assertUsage("--algorithm is ecdsa-p256");
    assertThat(privateKey).doesNotExist();
  }

  @Test
  void haveNoCurve() {
    Object[] args = {
      "generate-key",
      "--private-key",
      privateKey,
      "--public-key",
      publicKey,
      "--curve",
      "P-384",
      "--algorithm"
    };
    Invocation.of(and(args, "ml-dsa-65")).assertUsage("have no curve");
    Invocation.of(and(args, "ecdsa-p256")).assertUsage("different curves");
    Invocation.of(and(args, "ecdsa-p384")).assertSucceeded();
  }

  /** Nobody verified it, so its algorithm is not known. */
  @Test
  void areInspectedWithoutAnAlgorithm() throws Exception {
    generate("ml-dsa-65").assertSucceeded();
    sign("--beyond-oms").assertSucceeded();
    String fingerprint = Invocation.of("fingerprint", publicKey).assertSucceeded().out().strip();

    assertThat(Invocation.of("inspect", signature).assertSucceeded().out())
        .contains(fingerprint)
        .doesNotContain("ECDSA");
  }
}
