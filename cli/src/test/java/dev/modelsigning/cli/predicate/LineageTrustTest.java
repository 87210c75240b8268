package dev.modelsigning.cli.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Base models and datasets by several signers: a vendor's base model, and one's own dataset. */
class LineageTrustTest {

  private static final String FAILED = "Attesting failed with error";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path base;
  private Path baseSignature;
  private Path dataset;
  private Path vendorKey;
  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate vendor = root.signer("CN=Vendor");
  private Path roots;

  @BeforeEach
  void makeModels() throws Exception {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    workspace.write("base/weights", "base");
    base = workspace.path("base");
    baseSignature = workspace.path("base.sig");
    vendorKey = workspace.path("vendor.pub");
    Path key = workspace.path("vendor.pem");
    Invocation.of("generate-key", "--private-key", key, "--public-key", vendorKey)
        .assertSucceeded();
    sign(base, baseSignature, "key", "--private-key", key);
    workspace.write("rows/a.csv", "1,2");
    dataset = workspace.path("rows.sig");
    sign(workspace.path("rows"), dataset, "key", "--private-key", workspace.privateKey());
    roots = TestCertificate.write(workspace.path("root.pem"), root);
  }

  private static void sign(Path model, Path signature, String method, Object... how) {
    List<Object> args = new ArrayList<>(List.of("sign", method, model, "--signature", signature));
    args.addAll(List.of(how));
    Invocation.of(args.toArray()).assertSucceeded();
  }

  /** The vendor signs with a certificate. */
  private void signByCertificate(TestCertificate signer) throws Exception {
    Files.delete(baseSignature);
    sign(
        base,
        baseSignature,
        "certificate",
        "--private-key",
        signer.writeKey(workspace.path("certified.pem")),
        "--signing-certificate",
        TestCertificate.write(workspace.path("certificate.pem"), signer));
  }

  private Invocation attest(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "attest",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--private-key",
                workspace.privateKey(),
                "--predicate-type",
                "cyclonedx",
                "--base-model",
                base,
                "--base-signature",
                baseSignature));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  private Invocation refused(Object... more) throws Exception {
    return workspace.changingNothing(() -> attest(more));
  }

  private String fingerprint(Path key) {
    return Invocation.of("fingerprint", key).assertSucceeded().out().strip();
  }

  /** Who signed the base model and the dataset, as the bill of materials has it. */
  private List<String> signers() throws Exception {
    String claim = Files.readAllLines(workspace.path("claims.jsonl")).get(0);
    JsonMapper json = JsonMapper.shared();
    JsonNode bom =
        json.readTree(
                Base64.getDecoder()
                    .decode(json.readTree(claim).at("/dsseEnvelope/payload").asString()))
            .get("predicate");
    List<String> signers = new ArrayList<>();
    for (JsonNode holder :
        List.of(bom.at("/metadata/component/pedigree/ancestors/0"), bom.at("/components/0"))) {
      for (JsonNode one : holder.path("properties")) {
        if (one.get("name").asString().equals("dev.modelsigning:oms:signer")) {
          signers.add(one.get("value").asString());
        }
      }
    }
    return signers;
  }

  @Test
  void takesTheVendorsBaseModelAndOnesOwnDataset() throws Exception {
    refused("--dataset", dataset, "--base-verify-key", vendorKey)
        .assertFailed(FAILED, "the dataset " + dataset, "another key");
    refused("--dataset", dataset, "--base-verify-key", workspace.publicKey())
        .assertFailed(FAILED, "the base model " + base, "another key");

    Invocation attested =
        attest(
                "--dataset",
                dataset,
                "--base-verify-key",
                vendorKey,
                "--base-verify-key",
                workspace.publicKey())
            .assertSucceeded();

    String byVendor = "key " + fingerprint(vendorKey);
    String byMe = "key " + fingerprint(workspace.publicKey());
    assertThat(signers()).containsExactly(byVendor, byMe);
    assertThat(attested.errorLines())
        .contains(
            "base model " + base + ": signed by " + byVendor,
            "dataset " + dataset + ": signed by " + byMe);
  }

  @Test
  void refusesABaseModelThatNoneOfThemSigned() throws Exception {
    Path other = workspace.path("other.pub");
    Invocation.of(
            "generate-key", "--private-key", workspace.path("other.pem"), "--public-key", other)
        .assertSucceeded();

    refused("--base-verify-key", other, "--base-verify-key", workspace.publicKey())
        .assertFailed(
            FAILED,
            "the base model " + base,
            "none of the 2 that are trusted signed it: ",
            fingerprint(other),
            fingerprint(workspace.publicKey()));
  }

  /** The signature of a trusted key does not help if the files are others. */
  @Test
  void refusesABaseModelWithOtherFilesWhoeverSignedIt() throws Exception {
    workspace.write("base/weights", "other");

    refused("--base-verify-key", vendorKey, "--base-verify-key", workspace.publicKey())
        .assertFailed(FAILED, "about a base model: the model " + base);
  }

  /** Of several failures, the one of the key by which it should verify decides. */
  @Test
  void saysThatTheSignatureOfATrustedKeyIsInvalid() throws Exception {
    String bundle = Files.readString(baseSignature);
    JsonNode json = JsonMapper.shared().readTree(bundle);
    String signature = json.at("/dsseEnvelope/signatures/0/sig").asString();
    String other =
        JsonMapper.shared()
            .readTree(Files.readString(dataset))
            .at("/dsseEnvelope/signatures/0/sig")
            .asString();
    Files.writeString(baseSignature, bundle.replace(signature, other));

    refused("--base-verify-key", workspace.publicKey(), "--base-verify-key", vendorKey)
        .assertFailed(FAILED, "none of the 2 that are trusted signed it: ", "Do not use");
  }

  @Test
  void takesABaseModelByItsCertificate() throws Exception {
    signByCertificate(vendor);

    attest("--base-verify-certificate-chain", roots, "--base-verify-identity", "CN=Vendor")
        .assertSucceeded();

    assertThat(signers())
        .singleElement()
        .asString()
        .matches("certificate CN=Vendor \\(sha256:[0-9a-f]{64}\\)");
  }

  @Test
  void takesOnesOwnDatasetByKeyAndTheBaseModelByItsCertificate() throws Exception {
    signByCertificate(vendor);

    attest(
            "--dataset",
            dataset,
            "--base-verify-certificate-chain",
            roots,
            "--base-verify-key",
            workspace.publicKey())
        .assertSucceeded();

    assertThat(signers()).hasSize(2).last().isEqualTo("key " + fingerprint(workspace.publicKey()));
  }

  @Test
  void refusesAnotherOwnerOfACertificateAndAnotherAuthority() throws Exception {
    signByCertificate(vendor);
    refused("--base-verify-certificate-chain", roots, "--base-verify-identity", "CN=Other")
        .assertFailed(FAILED, "the base model " + base, "CN=Other");
    attestsFor("CN=Other", "CN=Vendor");

    signByCertificate(TestCertificate.root("CN=Root").signer("CN=Vendor"));
    refused("--base-verify-certificate-chain", roots)
        .assertFailed(FAILED, "the base model " + base);
  }

  private void attestsFor(String one, String other) throws Exception {
    attest(
            "--base-verify-certificate-chain",
            roots,
            "--base-verify-identity",
            one,
            "--base-verify-identity",
            other)
        .assertSucceeded();
    Files.delete(workspace.path("claims.jsonl"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--base-verify-certificate-chain C --base-verify-identity me --base-verify-identity-provider"
            + " https://x.example | --base-verify-certificate-chain and"
            + " --base-verify-identity-provider exclude each other",
        "--base-verify-key K --base-verify-identity me | --base-verify-identity needs"
            + " --base-verify-identity-provider or --base-verify-certificate-chain",
        "--base-verify-identity me --base-verify-identity you --base-verify-identity-provider"
            + " https://x.example | --base-verify-identity-provider needs --base-verify-identity,"
            + " each time it is given",
        "--base-verify-identity me --base-verify-identity-provider https://x.example"
            + " --base-verify-identity-provider https://y.example | each time it is given",
        "--base-verify-key K --base-verify-trusted-root R | --base-verify-trusted-root needs",
      })
  void refusesWhatCouldBeMeantInTwoWays(String options, String message) throws Exception {
    refused((Object[]) options.split(" ", -1)).assertUsage(message);
  }
}
