package dev.modelsigning.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.WithLocalS3;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an object store, and where something in it is refused, or cannot be read. */
@WithLocalS3
class StoreRefusalsTest {

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
  void upload(TestInfo test) throws IOException {
    workspace = Workspace.in(directory);
    prefix = test.getTestMethod().orElseThrow().getName();
    store.putAll(workspace.model(), prefix + "/model/");
  }

  private String place(String name) {
    return "s3://" + LocalS3.BUCKET + "/" + prefix + "/" + name;
  }

  private static Invocation run(
      Map<String, String> environment, List<Object> args, Object... more) {
    List<Object> all = new ArrayList<>(args);
    all.addAll(Arrays.asList(more));
    return Invocation.in(environment, all.toArray());
  }

  private Invocation sign(Object model, Object signature, Object... more) {
    return run(
        store.environment(),
        List.of(
            "sign",
            "key",
            model,
            "--private-key",
            workspace.privateKey(),
            "--signature",
            signature),
        more);
  }

  private Invocation verify(Object model, Object signature, Object... more) {
    return verify(store.environment(), model, signature, more);
  }

  private Invocation verify(
      Map<String, String> environment, Object model, Object signature, Object... more) {
    return run(
        environment,
        List.of(
            "verify",
            "key",
            model,
            "--public-key",
            workspace.publicKey(),
            "--signature",
            signature),
        more);
  }

  private List<Object> models() {
    return List.of(place("model"), workspace.model());
  }

  /** A failure with the same message as text and in JSON. */
  private void assertRefused(
      Map<String, String> environment, Object model, Object signature, String... parts) {
    verify(environment, model, signature)
        .assertFailed(Workspace.VERIFICATION_FAILED, (Object[]) parts);
    Invocation json = verify(environment, model, signature, "--format", "json");
    assertThat(json.status()).isEqualTo(1);
    assertThat(json.out()).startsWith("{").contains("\"verified\":false");
    for (String part : parts) {
      assertThat(json.out() + json.err()).contains(part);
    }
    assertThat(json.err()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  // --- verifying with a signature in a store

  @Test
  void refusesAChangedModelBySignaturesInAStore() throws IOException {
    sign(place("model"), place("model.sig")).assertSucceeded();
    store.put(prefix + "/model/weights/a.bin", "ALPHA");
    store.put(prefix + "/model/.cache/huggingface/a.lock", "");
    workspace.write("model/weights/a.bin", "ALPHA");
    workspace.write("model/.cache/huggingface/a.lock", "");

    for (Object model : models()) {
      assertRefused(store.environment(), model, place("model.sig"), "weights/a.bin");
      assertThat(verify(model, place("model.sig")).err())
          .contains("may be left out with --ignore-paths .cache/huggingface");
    }
  }

  @Test
  void knowsTimestampsOfASignatureInAStoreByItsName() {
    sign(place("model"), place("bert.signature")).assertSucceeded();
    store.put(prefix + "/model/bert.signature.tst", "");

    assertRefused(
        store.environment(), place("model"), place("bert.signature"), "bert.signature.tst");
    assertThat(verify(place("model"), place("bert.signature")).err())
        .contains("bert.signature.tst has time stamps of a signature");
  }

  @Test
  void saysThatThereIsNoSignatureInAStore() {
    for (Object model : models()) {
      assertRefused(
          store.environment(),
          model,
          place("absent.sig"),
          place("absent.sig"),
          "there is no such object");
    }
  }

  @Test
  void saysThatCredentialsAreRefused() {
    sign(place("model"), place("model.sig")).assertSucceeded();
    Map<String, String> wrong = new HashMap<>(store.environment());
    wrong.put("AWS_SECRET_ACCESS_KEY", "not-the-SECRET");

    for (Object model : models()) {
      assertRefused(wrong, model, place("model.sig"), place("model.sig"));
    }
  }

  @Test
  void saysByWhichMethodASignatureInAStoreWasMade() {
    sign(place("model"), place("model.sig")).assertSucceeded();

    assertThat(
            run(
                    store.environment(),
                    List.of(
                        "verify",
                        "sigstore",
                        place("model"),
                        "--signature",
                        place("model.sig"),
                        "--identity",
                        "a@example.com",
                        "--identity-provider",
                        "https://example.com"))
                .assertFailed(Workspace.VERIFICATION_FAILED)
                .err())
        .contains("verify key " + place("model"), "--signature " + place("model.sig"));
  }

  // --- places where nothing can be written

  @Test
  void doesNotSignOverTheModelOrBelowItsFiles() throws IOException {
    for (Object model : List.of(place("model"), place("model/"))) {
      sign(model, place("model"))
          .assertFailed(Workspace.SIGNING_FAILED, "would replace the model", place("model.sig"));
    }
    sign(place("model"), "s3://" + LocalS3.BUCKET + "/" + prefix)
        .assertFailed(Workspace.SIGNING_FAILED, "would replace the model", "lie above it");
    sign(place("model/config.json"), place("model/config.json"))
        .assertFailed(Workspace.SIGNING_FAILED, "would replace the model");
    for (Object model : models()) {
      sign(model, place("model/config.json/x.sig"))
          .assertFailed(
              Workspace.SIGNING_FAILED,
              place("model/config.json/x.sig") + ": the signature cannot be there",
              place("model/config.json") + " is an object");
      sign(model, place("model/weights"))
          .assertFailed(Workspace.SIGNING_FAILED, place("model/weights/a.bin") + " is an object");
    }
    sign(workspace.model(), place("model"))
        .assertFailed(Workspace.SIGNING_FAILED, "the signature cannot be there");

    sign(place("model"), place("model.sig")).assertSucceeded();
    verify(place("model"), place("model.sig")).assertSucceeded();
  }

  private Invocation attest(Object model, Object claims, Object... more) throws IOException {
    workspace.write("predicate.json", "{}");
    return run(
        store.environment(),
        List.of(
            "attest",
            "key",
            model,
            "--signature",
            place("model.sig"),
            "--private-key",
            workspace.privateKey(),
            "--predicate-type",
            "https://example.com/checked/v1",
            "--predicate",
            workspace.path("predicate.json"),
            "--claims",
            claims),
        more);
  }

  @Test
  void doesNotAttestOverTheModelOrBelowItsFiles() throws IOException {
    sign(place("model"), place("model.sig")).assertSucceeded();

    for (Object model : List.of(place("model"), place("model/"))) {
      attest(model, place("model"))
          .assertFailed("Attesting failed with error", "would replace the model");
    }
    attest(place("model"), "s3://" + LocalS3.BUCKET + "/" + prefix)
        .assertFailed("Attesting failed with error", "would replace the model");
    for (Object model : models()) {
      attest(model, place("model.sig/claims.jsonl"))
          .assertFailed(
              "Attesting failed with error",
              "the claims cannot be there",
              place("model.sig") + " is an object");
    }
    attest(workspace.model(), place("model"))
        .assertFailed("Attesting failed with error", "the claims cannot be there");

    verify(place("model"), place("model.sig")).assertSucceeded();
  }

  // --- the address of the store

  private void assertNames(Invocation done, String what) {
    assertThat(done.assertSucceeded().out())
        .containsOnlyOnce("\"STORE_NAMED\"")
        .contains(what + " at " + store.address());
  }

  @Test
  void namesTheStoreOfASignatureOrClaimsOnly() throws IOException {
    assertNames(
        sign(workspace.model(), place("model.sig"), "--format", "json"),
        "the signature was written to the store");
    assertNames(
        verify(workspace.model(), place("model.sig"), "--format", "json"),
        "the signature was read from the store");
    assertNames(
        verify(place("model"), place("model.sig"), "--format", "json"),
        "the objects were read from the store");
    assertNames(
        attest(workspace.model(), place("claims.jsonl"), "--format", "json"),
        "the signature was read from the store");
    workspace.sign("--quiet").assertSucceeded();
    List<Object> about =
        List.of(
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--predicate-type",
            "https://example.com/checked/v1",
            "--claims",
            place("claims.jsonl"),
            "--format",
            "json");
    List<Object> attest = new ArrayList<>(List.of("attest"));
    attest.addAll(about);
    assertNames(
        run(
            store.environment(),
            attest,
            "--private-key",
            workspace.privateKey(),
            "--predicate",
            workspace.path("predicate.json")),
        "the attestation was written to the store");
    List<Object> verify = new ArrayList<>(List.of("verify-attestation"));
    verify.addAll(about);
    assertNames(
        run(store.environment(), verify, "--public-key", workspace.publicKey()),
        "the attestations were read from the store");
  }

  // --- SARIF

  @Test
  void locatesResultsByTheUriOfTheModel() {
    sign(place("model"), place("model.sig")).assertSucceeded();
    store.put(prefix + "/model/weights/a.bin", "ALPHA");

    String changed = verify(place("model"), place("model.sig"), "--format", "sarif").out();
    String missing = verify(place("model"), place("absent.sig"), "--format", "sarif").out();

    for (String log : List.of(changed, missing)) {
      assertThat(log)
          .contains("\"artifactLocation\":{\"uri\":\"" + place("model") + "\"}")
          .doesNotContain("s3%3A", "SRCROOT");
    }
    assertThat(changed)
        .contains(
            "\"MODEL\":{\"uri\":\"" + place("model") + "/\"",
            "{\"uri\":\"weights/a.bin\",\"uriBaseId\":\"MODEL\"}",
            "read from the store at " + store.address());
  }
}
