package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models in registries that are signed without a key of one's own. */
@WithSigstoreStack
@WithOciPeers
@WithCosign
@OnOneJdk
class KeylessRegistryIT {

  private static final String VERIFYING = "Verification failed with error";
  private static final KeylessSigner SIGNER = KeylessSigner.WORKFLOW;

  @TempDir private static Path place;
  private static Map<Kind, RegistryServer> servers;
  private static OciTools tools;
  private static int repositories;

  @TempDir private Path directory;
  private Path model;

  @BeforeAll
  static void start() throws Exception {
    servers = RegistryServer.both(place);
    tools = OciTools.at(place.resolve("home"), servers.values());
  }

  @AfterAll
  static void end() {
    servers.values().forEach(RegistryServer::close);
  }

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.write(model.resolve("weights.bin"), new byte[300_000]);
  }

  /** The reference without its scheme, as other clients write it. */
  private String pushed(Kind kind) throws Exception {
    String reference = servers.get(kind).reference("ml/keyless" + ++repositories + ":1");
    tools.oras(model, "push", reference, "config.json", "weights.bin").succeeds();
    return reference;
  }

  private Invocation sign(String reference, int rekor) throws Exception {
    Path token = Files.writeString(directory.resolve("token.jwt"), SIGNER.token());
    return Invocation.of(
        "sign",
        "sigstore",
        "oci://" + reference,
        "--trust-config",
        SigstoreStack.file("trust_config.json"),
        "--identity-token-file",
        token,
        "--rekor-version",
        rekor);
  }

  private static Invocation verify(Object what, KeylessSigner by, Object... more) {
    Object[] arguments = new Object[9 + more.length];
    List<Object> first =
        List.of(
            "verify",
            "sigstore",
            what,
            "--trusted-root",
            SigstoreStack.file("trusted_root.json"),
            "--identity",
            by.identity(),
            "--identity-provider",
            by.issuer());
    System.arraycopy(first.toArray(), 0, arguments, 0, first.size());
    System.arraycopy(more, 0, arguments, first.size(), more.length);
    return Invocation.of(arguments);
  }

  private OciTools.Ended cosign(String reference, KeylessSigner by) throws Exception {
    return tools.cosign(
        directory,
        "verify",
        "--trusted-root",
        SigstoreStack.file("trusted_root.json").toString(),
        "--certificate-identity",
        by.identity(),
        "--certificate-oidc-issuer",
        by.issuer(),
        reference);
  }

  @ParameterizedTest
  @CsvSource({"DISTRIBUTION, 1", "DISTRIBUTION, 2", "IN_MEMORY, 1", "IN_MEMORY, 2"})
  void isVerifiedHereAndByCosignForTheRightSignerOnly(Kind kind, int rekor) throws Exception {
    String reference = pushed(kind);
    cosign(reference, SIGNER).fails("no signatures found");
    verify("oci://" + reference, SIGNER)
        .assertFailed(VERIFYING, "nothing that refers to it is a signature");

    sign(reference, rekor).assertSucceeded();

    assertThat(verify("oci://" + reference, SIGNER).assertSucceeded().out())
        .contains("sigstore " + SIGNER.identity());
    verify("oci://" + reference, KeylessSigner.PERSON)
        .assertFailed(VERIFYING, "the certificate is for ");
    assertThat(cosign(reference, SIGNER).succeeds())
        .contains("\"https://sigstore.dev/cosign/sign/v1\"");
    cosign(reference, KeylessSigner.PERSON).fails("no matching CertificateIdentity found");
  }

  @ParameterizedTest
  @EnumSource
  void isPulledForTheRightSignerOnly(Kind kind) throws Exception {
    String reference = pushed(kind);
    sign(reference, 2).assertSucceeded();
    Path copy = directory.resolve("copy");

    verify("oci://" + reference, KeylessSigner.PERSON, "--pull", copy)
        .assertFailed(VERIFYING, "the certificate is for ");
    assertThat(copy).doesNotExist();
    verify("oci://" + reference, SIGNER, "--pull", copy).assertSucceeded();

    assertThat(copy.resolve("weights.bin")).hasSameBinaryContentAs(model.resolve("weights.bin"));
    verify(copy, SIGNER, "--signature", "oci://" + reference).assertSucceeded();
  }
}
