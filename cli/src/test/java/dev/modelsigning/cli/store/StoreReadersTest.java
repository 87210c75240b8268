package dev.modelsigning.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.WithLocalS3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Models, signatures and claims in versitygw, for all commands that read them. */
@WithLocalS3
class StoreReadersTest {

  private static final String TYPE = "https://example.com/checked/v1";
  private static final String ATTESTING_FAILED = "Attesting failed with error";

  @TempDir private static Path servers;
  private static LocalS3 store;

  @TempDir private Path directory;

  private Workspace workspace;
  private String prefix;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    store = LocalS3.start(LocalS3.Kind.VERSITYGW, servers);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @BeforeEach
  void uploadAndSign(TestInfo test) throws IOException {
    workspace = Workspace.in(directory);
    workspace.write("predicate.json", "{\"result\":\"good\"}");
    prefix = test.getTestMethod().orElseThrow().getName();
    store.putAll(workspace.model(), prefix + "/model/");
    run(
            "sign",
            "key",
            model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            place("model.sig"))
        .assertSucceeded();
  }

  private String place(String name) {
    return "s3://" + LocalS3.BUCKET + "/" + prefix + "/" + name;
  }

  private String model() {
    return place("model");
  }

  private static Invocation run(Object... args) {
    return Invocation.in(store.environment(), args);
  }

  private static Invocation run(List<Object> args, Object... more) {
    List<Object> all = new ArrayList<>(args);
    all.addAll(Arrays.asList(more));
    return run(all.toArray());
  }

  private Invocation attest(Object model, Object... more) {
    return run(
        List.of(
            "attest",
            "key",
            model,
            "--signature",
            place("model.sig"),
            "--private-key",
            workspace.privateKey(),
            "--predicate-type",
            TYPE,
            "--predicate",
            workspace.path("predicate.json")),
        more);
  }

  private Invocation verifyAttestation(Object model, Object... more) {
    return run(
        List.of(
            "verify-attestation",
            "key",
            model,
            "--signature",
            place("model.sig"),
            "--public-key",
            workspace.publicKey(),
            "--predicate-type",
            TYPE),
        more);
  }

  // --- claims

  @Test
  void appendsClaimsBesideTheModel() throws IOException {
    assertThat(attest(model()).assertSucceeded().out())
        .contains("claim 1 of " + place("claims.jsonl"), "--claims " + place("claims.jsonl"));
    workspace.write("predicate.json", "{\"result\":\"better\"}");
    attest(model()).assertSucceeded();

    assertThat(new String(store.get(prefix + "/claims.jsonl"), StandardCharsets.UTF_8).lines())
        .hasSize(2);
    assertThat(verifyAttestation(model()).assertSucceeded().out())
        .contains("with 2 attestations", "\"result\": \"better\"");
    verifyAttestation(workspace.model(), "--claims", place("claims.jsonl")).assertSucceeded();
  }

  @Test
  void appendsClaimsAboutADirectoryHere() {
    attest(workspace.model(), "--claims", place("others.jsonl")).assertSucceeded();

    verifyAttestation(model(), "--claims", place("others.jsonl")).assertSucceeded();
    verifyAttestation(workspace.model(), "--claims", place("others.jsonl")).assertSucceeded();
  }

  @Test
  void keepsClaimsOutOfTheModelAndOffTheSignature() {
    attest(model(), "--claims", place("model/claims.jsonl"))
        .assertFailed(ATTESTING_FAILED, "would lie in the model");
    attest(model(), "--claims", place("model.sig"))
        .assertFailed(ATTESTING_FAILED, "would replace the model, a key, the signature");
    store.put(prefix + "/notes.txt", "first\nsecond\n");
    attest(model(), "--claims", place("notes.txt"))
        .assertFailed(ATTESTING_FAILED, "this is no claims file");
    attest(model(), "--claims", place("one.json"))
        .assertFailed(ATTESTING_FAILED, "holds a single claim");
    store.put(prefix + "/half.jsonl", "{\"mediaType\"");
    attest(model(), "--claims", place("half.jsonl"))
        .assertFailed(ATTESTING_FAILED, "the last line is half of a claim");
    attest(model(), "--claims", "s3://" + LocalS3.BUCKET + "/").assertUsage("is a prefix");
    attest(model(), "--claims", "oci://127.0.0.1:1/m:1").assertUsage("--claims: name a file");
  }

  @Test
  void attestsNothingAboutAModelThatWasTamperedWith() {
    store.put(prefix + "/model/weights/a.bin", "ALPHA");

    attest(model()).assertFailed(ATTESTING_FAILED, "weights/a.bin");
    attest(workspace.model(), "--claims", place("claims.jsonl")).assertSucceeded();
    verifyAttestation(model()).assertFailed(Workspace.VERIFICATION_FAILED, "weights/a.bin");
  }

  @Test
  void saysThatThereAreNoClaims() {
    verifyAttestation(model())
        .assertFailed(
            Workspace.VERIFICATION_FAILED, place("claims.jsonl"), "there is no such object");
  }

  // --- inspect, diff, digest

  @Test
  void inspectsSignaturesAndClaims() {
    assertThat(run("inspect", place("model.sig")).assertSucceeded().out())
        .contains("NOT VERIFIED", "weights/a.bin");
    attest(model()).assertSucceeded();
    assertThat(run("inspect", place("claims.jsonl"), "--lineage").assertSucceeded().out())
        .contains(place("claims.jsonl") + ": 1 claim, not verified", TYPE);
    run("inspect", place("model/config.json"))
        .assertFailed("Inspection failed with error", place("model/config.json"));
    run("inspect", place("absent.sig"))
        .assertFailed("Inspection failed with error", "there is no such object");
    run("inspect", model() + "/").assertUsage("is a prefix");
    run("inspect", "oci://127.0.0.1:1/m:1").assertUsage("expected a file or s3://BUCKET/KEY");
  }

  @Test
  void comparesPlacesOfAllKinds() throws IOException {
    assertThat(run("diff", model(), workspace.model()).assertSucceeded().out())
        .contains("Same: 3 files");
    run("diff", place("model.sig"), model()).assertSucceeded();
    store.put(prefix + "/model/model.sig", store.get(prefix + "/model.sig"));
    run("diff", place("model/model.sig"), model(), "--public-key", workspace.publicKey())
        .assertSucceeded();
    assertThat(run("diff", place("model.sig"), model()).out()).contains("model.sig");

    Files.writeString(workspace.model().resolve("weights/a.bin"), "ALPHA");
    Invocation different = run("diff", place("model.sig"), workspace.model());

    assertThat(different.status()).isEqualTo(1);
    assertThat(different.out()).contains("weights/a.bin");
    assertThat(run("diff", place("model/config.json"), model()).status()).isEqualTo(2);
    run("diff", "oci://127.0.0.1:1/m:1", model()).assertUsage("are not compared");
  }

  @Test
  void printsTheDigestOfADirectory() {
    assertThat(run("digest", model()).assertSucceeded().out())
        .isEqualTo(run("digest", workspace.model()).assertSucceeded().out());
    run("digest", model(), "--s3-endpoint", "minio:9000")
        .assertUsage("--s3-endpoint: expected an address such as https://host:port");
    run("digest", workspace.model(), "--s3-endpoint", store.address())
        .assertUsage("--s3-endpoint and --s3-requester-pays are for models");
  }

  // --- policies

  private Invocation decide(Object... more) {
    return run(
        List.of("verify", "policy", model(), "--policy", workspace.path("policy.yaml")), more);
  }

  private void rules(String match) throws IOException {
    workspace.write(
        "policy.yaml",
        """
        version: 1
        signers:
          alice: { key: { public-key: %s } }
        models:
          - { match: "%s", signatures: { of: [alice] } }
        """
            .formatted(workspace.publicKey(), match));
  }

  @Test
  void decidesByAPolicyWithSignaturesThatAreFound() throws IOException {
    rules("models/" + prefix + "/*");

    assertThat(decide().assertSucceeded().out()).contains(place("model.sig"));
    store.put(prefix + "/junk.sig", "junk");
    assertThat(decide().assertSucceeded().out()).contains("not counted", place("junk.sig"));
    assertThat(decide("--format", "json").assertSucceeded().out())
        .contains("\"file\":\"" + place("junk.sig") + "\"");
    decide("--signature", place("model.sig")).assertSucceeded();
    decide("--signature", place("junk.sig"))
        .assertFailed(Workspace.VERIFICATION_FAILED, "junk.sig");
    decide("--root", directory).assertUsage("--root is for models in directories");

    store.put(prefix + "/model/added.py", "import os");
    decide("--signature", place("model.sig"))
        .assertFailed(Workspace.VERIFICATION_FAILED, "added.py");
  }

  @Test
  void refusesByAPolicyWhatNobodySigned() throws IOException {
    rules("models/" + prefix + "/*");
    store.putAll(workspace.model(), prefix + "-alone/model/");

    run(
            "verify",
            "policy",
            "s3://" + LocalS3.BUCKET + "/" + prefix + "-alone/model",
            "--policy",
            workspace.path("policy.yaml"))
        .assertFailed(Workspace.VERIFICATION_FAILED, "matches models/" + prefix + "-alone/model");
    run(
            "verify",
            "policy",
            workspace.model(),
            "--policy",
            workspace.path("policy.yaml"),
            "--signature",
            place("model.sig"))
        .assertUsage("--signature and --claims in an object store");
  }
}
