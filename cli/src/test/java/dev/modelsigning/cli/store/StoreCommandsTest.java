package dev.modelsigning.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Models and signatures in versitygw, named on the command line. */
@WithLocalS3
class StoreCommandsTest {

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

  private String model() {
    return "s3://" + LocalS3.BUCKET + "/" + prefix + "/model";
  }

  private static Invocation run(Object... args) {
    return Invocation.in(store.environment(), args);
  }

  private Invocation sign(Object signature, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sign",
                "key",
                model(),
                "--private-key",
                workspace.privateKey(),
                "--signature",
                signature));
    args.addAll(Arrays.asList(more));
    return run(args.toArray());
  }

  private Invocation verify(Object model, Object signature, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                model,
                "--public-key",
                workspace.publicKey(),
                "--signature",
                signature));
    args.addAll(Arrays.asList(more));
    return run(args.toArray());
  }

  @Test
  void signsAModelWhereItIsAndVerifiesADirectory() throws Exception {
    Path file = directory.resolve("stored.sig");

    Invocation signed = sign(file);

    assertThat(signed.assertSucceeded().out()).contains(model());
    assertThat(signed.err() + signed.out()).contains(store.address().toString());
    verify(workspace.model(), file).assertSucceeded();
    assertThat(verify(model(), file).assertSucceeded().out())
        .contains(model(), "signed as model", store.address().toString());
    Path local = directory.resolve("local.sig");
    Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            local)
        .assertSucceeded();
    assertThat(Bundle.read(file).envelope().payload())
        .isEqualTo(Bundle.read(local).envelope().payload());
  }

  @Test
  void keepsTheSignatureBesideTheModelOrInIt() {
    for (String key : List.of("/model.sig", "/model/model.sig")) {
      String signature = "s3://" + LocalS3.BUCKET + "/" + prefix + key;

      sign(signature).assertSucceeded();

      assertThat(store.get(prefix + key)).isNotEmpty();
      verify(model(), signature).assertSucceeded();
      verify(model(), signature, "--strict").assertSucceeded();
      assertThat(sign(signature).assertSucceeded().out()).contains("replaced");
      verify(workspace.model(), signature).assertSucceeded();
    }
  }

  @Test
  void doesNotReplaceWhatIsNoSignature() {
    sign("s3://" + LocalS3.BUCKET + "/" + prefix + "/model/config.json")
        .assertFailed(Workspace.SIGNING_FAILED, "which is not a signature");

    assertThat(store.get(prefix + "/model/config.json"))
        .isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void refusesAModelThatWasTamperedWith() {
    Path file = directory.resolve("model.sig");
    sign(file).assertSucceeded();
    store.put(prefix + "/model/weights/a.bin", "ALPHA");
    store.put(prefix + "/model/added.py", "import os");

    verify(model(), file).assertFailed(Workspace.VERIFICATION_FAILED, "weights/a.bin", "added.py");
  }

  @Test
  void bringsAVerifiedCopy() throws IOException {
    Path file = directory.resolve("model.sig");
    sign(file).assertSucceeded();
    Path copy = directory.resolve("copy");

    verify(model(), file, "--copy-to", copy).assertSucceeded();

    assertThat(copy.resolve("weights/a.bin")).hasContent("alpha");
    store.put(prefix + "/model/weights/a.bin", "ALPHA");
    Path other = directory.resolve("other");
    verify(model(), file, "--copy-to", other).assertFailed(Workspace.VERIFICATION_FAILED, "a.bin");
    assertThat(other).doesNotExist();
  }

  @Test
  void namesTheModel() {
    Path file = directory.resolve("model.sig");

    sign(file, "--name", "bert-v2").assertSucceeded();

    assertThat(verify(model(), file).assertSucceeded().out()).contains("signed as bert-v2");
    sign(file, "--name", "").assertUsage("--name");
  }

  @Test
  void namesAModelThatIsADirectory() {
    Path file = directory.resolve("model.sig");
    Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            file,
            "--name",
            "bert-v2")
        .assertSucceeded();

    assertThat(verify(workspace.model(), file).assertSucceeded().out())
        .contains("signed as bert-v2");
  }

  @Test
  void takesTheAddressOfTheStore() {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID",
            store.environment().get("AWS_ACCESS_KEY_ID"),
            "AWS_SECRET_ACCESS_KEY",
            store.environment().get("AWS_SECRET_ACCESS_KEY"));
    Invocation.in(
            environment,
            "sign",
            "key",
            model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            directory.resolve("model.sig"),
            "--s3-endpoint",
            store.address())
        .assertSucceeded();
  }

  @Test
  void refusesOptionsThatDoNothing() {
    Path file = directory.resolve("model.sig");
    verify(workspace.model(), file, "--s3-endpoint", store.address())
        .assertUsage("--s3-endpoint and --s3-requester-pays are for models");
    run(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--trust-stored-checksums")
        .assertUsage("--trust-stored-checksums is for a model in s3://");
  }

  @Test
  void isRefusedWhereItIsNotTaken() {
    run("sign", "key", model(), "--private-key", model()).assertFailed(Workspace.SIGNING_FAILED);
    run("oci", "push", model(), "oci://127.0.0.1:1/m:1")
        .assertUsage("'verify' with --copy-to fetches a model from an object store");
  }

  @Test
  void isReadAsAWholeWhereItIsSignedAgain() {
    sign(directory.resolve("model.sig"), "--update")
        .assertUsage("--update is for a model and a signature that are here");
    run(
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            model() + ".sig",
            "--update")
        .assertUsage("--update is for a model and a signature that are here");
  }

  @Test
  void saysThatThereIsNoModel() {
    run(
            "sign",
            "key",
            model() + "-absent",
            "--private-key",
            workspace.privateKey(),
            "--signature",
            directory.resolve("model.sig"))
        .assertFailed(Workspace.SIGNING_FAILED, model() + "-absent", "there is no object");
    assertThat(Files.exists(directory.resolve("model.sig"))).isFalse();
  }
}
