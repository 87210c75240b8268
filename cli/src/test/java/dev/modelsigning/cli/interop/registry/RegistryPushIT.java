package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.oci.OciPush;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that are pushed to real registries, and what is listed there. */
@WithOciPeers
@WithCosign
@OnOneJdk
class RegistryPushIT extends RegistryServers {

  private static final String PUSHING = "Pushing failed with error";
  private static final String TYPE = "https://example.com/checked/v1";

  private Path model;
  private Path key;
  private Path publicKey;
  private Path signature;
  private Path claims;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.write(model.resolve("model.safetensors"), header(2_000_000));
    Files.write(model.resolve("same.bin"), header(2_000_000));
    Files.writeString(model.resolve("README.md"), "read");
    Path sub = Files.createDirectories(model.resolve("sub/deeper"));
    Files.writeString(sub.resolve("run.py"), "pass");
    Files.writeString(model.resolve("sub/empty"), "");
    Files.writeString(model.resolve(".gitignore"), "x");
    key = directory.resolve("key.pem");
    publicKey = directory.resolve("key.pub");
    signature = directory.resolve("elsewhere/of-model.sig");
    claims = directory.resolve("elsewhere/of-model.jsonl");
    Files.createDirectories(signature.getParent());
    Invocation.of("generate-key", "--private-key", key, "--public-key", publicKey)
        .assertSucceeded();
  }

  /** Zeros behind an empty safetensors header, so that nothing is found in it. */
  private static byte[] header(int length) {
    byte[] content = new byte[length];
    content[0] = 2;
    content[8] = '{';
    content[9] = '}';
    return content;
  }

  private Invocation push(String reference, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("oci", "push", model, reference));
    arguments.addAll(Arrays.asList(more));
    return Invocation.of(arguments.toArray());
  }

  private void sign(Path to, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("sign", "key", model, "--signature", to, "--private-key", key));
    arguments.addAll(Arrays.asList(more));
    Invocation.of(arguments.toArray()).assertSucceeded();
  }

  private void attest(Path by) throws Exception {
    Path predicate = Files.writeString(directory.resolve("predicate.json"), "{}");
    Invocation.of(
            "attest",
            "key",
            model,
            "--signature",
            by,
            "--private-key",
            key,
            "--predicate",
            predicate,
            "--predicate-type",
            TYPE,
            "--claims",
            claims)
        .assertSucceeded();
  }

  private Invocation verify(Object what, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("verify", "key", what, "--public-key", publicKey));
    arguments.addAll(Arrays.asList(more));
    return Invocation.of(arguments.toArray());
  }

  private static String digest(String reference) throws Exception {
    return tools.crane("digest", plain(reference)).succeeds();
  }

  private static void assertNoTag(String reference) throws Exception {
    tools.crane("digest", plain(reference)).fails("");
  }

  @ParameterizedTest
  @EnumSource
  void isPulledAsItIsByOrasAndByUs(Kind kind) throws Exception {
    sign(signature);
    attest(signature);
    RawRegistry repository = repository(kind);
    String reference = repository.reference("1");

    Invocation pushed = push(reference, "--signature", signature, "--claims", claims);

    assertThat(pushed.assertSucceeded().out())
        .contains("Pushed " + reference, digest(reference), "6 files", "NOT VERIFIED: " + TYPE)
        .contains(".gitignore (git path");
    Path copy = directory.resolve("copy");
    verify(reference, "--pull", copy).assertSucceeded();
    tools.oras(directory, "pull", plain(reference), "-o", "pulled").succeeds();
    for (String name : List.of("config.json", "same.bin", "sub/deeper/run.py", "sub/empty")) {
      assertThat(copy.resolve(name)).hasSameBinaryContentAs(model.resolve(name));
      assertThat(directory.resolve("pulled").resolve(name))
          .hasSameBinaryContentAs(model.resolve(name));
    }
    assertThat(copy.resolve(".gitignore")).doesNotExist();
    assertThat(tools.cosign(directory, "tree", plain(reference)).succeeds())
        .contains("https://model_signing/signature/v1.0", TYPE);
  }

  @ParameterizedTest
  @EnumSource
  void isInTheFormOfModelPack(Kind kind) throws Exception {
    RawRegistry repository = repository(kind);
    push(repository.reference("1")).assertSucceeded();

    assertThat(repository.get("1"))
        .startsWith(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"artifactType\":\"application/vnd.cncf.model.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.cncf.model.config.v1+json\"")
        .contains(
            "\"application/vnd.cncf.model.weight.v1.raw\"",
            "\"application/vnd.cncf.model.weight.config.v1.raw\"",
            "\"application/vnd.cncf.model.doc.v1.raw\"",
            "\"application/vnd.cncf.model.code.v1.raw\"")
        .contains(
            "\"annotations\":{\"org.cncf.model.filepath\":\"sub/deeper/run.py\","
                + "\"org.opencontainers.image.title\":\"sub/deeper/run.py\"}")
        .doesNotContain("created", directory.toString());
  }

  /** Neither times nor the order in which a directory is read are in it, nor the registry. */
  @Test
  void theSameFilesHaveTheSameDigestEverywhere() throws Exception {
    String here = repository(Kind.DISTRIBUTION).reference("1");
    push(here).assertSucceeded();
    Path other = Files.createDirectories(directory.resolve("other/deeper"));
    for (String name :
        List.of(
            "sub/empty",
            "same.bin",
            "sub/deeper/run.py",
            "README.md",
            "model.safetensors",
            "config.json")) {
      Files.createDirectories(other.resolve(name).getParent());
      Files.write(other.resolve(name), Files.readAllBytes(model.resolve(name)));
    }
    model = other;
    String there = repository(Kind.IN_MEMORY).reference("other");
    push(there, "--jobs", 1).assertSucceeded();

    assertThat(digest(there)).isEqualTo(digest(here));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsSentOrAttachedTwice(Kind kind) throws Exception {
    sign(signature);
    attest(signature);
    String reference = repository(kind).reference("1");
    Object[] options = {"--signature", signature, "--claims", claims, "--format=json"};
    push(reference, options).assertSucceeded();
    String digest = digest(reference);

    Invocation again = push(reference, options).assertSucceeded();

    assertThat(again.out())
        .contains("\"pushed\":{\"blobs\":0,\"bytes\":0}", "\"before\":true")
        .doesNotContain("\"before\":false");
    assertThat(digest(reference)).isEqualTo(digest);
    assertThat(Invocation.of("oci", "list", reference, "--format=json").assertSucceeded().out())
        .containsOnlyOnce("\"kind\":\"SIGNATURE\"")
        .containsOnlyOnce("\"kind\":\"ATTESTATION\"");
  }

  @Test
  void theSameContentIsSentOnce() throws Exception {
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    assertThat(push(reference, "--format=json").assertSucceeded().out())
        // Six files, of which two are the same, and the config.
        .contains("\"layers\":6,", "\"pushed\":{\"blobs\":6,");
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureOfOtherFilesIsRefused(Kind kind) throws Exception {
    sign(signature);
    String reference = repository(kind).reference("1");
    Files.writeString(model.resolve("README.md"), "evil");
    push(reference, "--signature", signature)
        .assertFailed(PUSHING, signature, "other content: 'README.md'", "nothing was pushed");
    Files.writeString(model.resolve("README.md"), "read");
    Files.writeString(model.resolve("more"), "x");
    push(reference, "--signature", signature)
        .assertFailed(PUSHING, signature, "not listed in it: 'more'", "--ignore-paths");
    Files.delete(model.resolve("more"));
    Files.move(model.resolve("README.md"), model.resolve("READ.md"));
    push(reference, "--signature", signature)
        .assertFailed(PUSHING, signature, "another name: 'README.md'");
    Files.delete(model.resolve("READ.md"));
    push(reference, "--signature", signature)
        .assertFailed(PUSHING, signature, "no such file: 'README.md'");
    Files.writeString(model.resolve("README.md"), "read");
    assertNoTag(reference);

    push(reference, "--signature", signature).assertSucceeded();
  }

  /** What the signer left out is not signed, so it must not be pushed as if it were. */
  @Test
  void whatTheSignerLeftOutIsLeftOutOnRequestOnly() throws Exception {
    Files.writeString(model.resolve("notes"), "x");
    sign(signature, "--ignore-paths", model.resolve("notes"));
    String reference = repository(Kind.DISTRIBUTION).reference("1");

    push(reference, "--signature", signature).assertFailed(PUSHING, "not listed in it: 'notes'");
    assertThat(
            push(reference, "--signature", signature, "--ignore-paths", model.resolve("notes"))
                .assertSucceeded()
                .out())
        .contains("notes (ignored on request)");
    verify(reference).assertSucceeded();
  }

  @Test
  void signaturesWithOtherDigestsAreComparedByThem() throws Exception {
    sign(signature, "--hash-algorithm", "blake3", "--shard-size", "1000000");
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    push(reference, "--signature", signature).assertSucceeded();
    verify(reference).assertSucceeded();

    Files.writeString(model.resolve("README.md"), "evil");
    push(reference, "--signature", signature)
        .assertFailed(PUSHING, signature, "other content: 'README.md'");
  }

  @Test
  void claimsAboutOtherModelsAreNotAttached() throws Exception {
    sign(signature);
    attest(signature);
    Path first = signature;
    Files.writeString(model.resolve("README.md"), "second");
    signature = directory.resolve("elsewhere/second.sig");
    sign(signature);
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    push(reference, "--claims", claims)
        .assertFailed(PUSHING, claims, "has no claim about the files", "nothing was pushed");
    attest(signature);

    assertThat(push(reference, "--claims", claims).assertSucceeded().err())
        .contains("1 in " + claims + " were not attached: they are about other models");
    assertThat(Invocation.of("oci", "list", reference).assertSucceeded().out())
        .contains("signatures of the model's files: 0", "attestations: 1, NOT VERIFIED");
    Files.writeString(claims, Files.readString(first) + "\n");
    push(reference, "--claims", claims)
        .assertFailed(PUSHING, claims + ":1: ", "nothing was pushed");
    Files.writeString(claims, "x\n");
    push(reference, "--claims", claims).assertFailed(PUSHING, claims + ":1: ");
    push(reference, "--signature", claims).assertFailed(PUSHING, claims, "nothing was pushed");
  }

  @Test
  void whatLiesWhereItLiesUsuallyIsTakenIfItFits() throws Exception {
    signature = directory.resolve("model.sig");
    claims = directory.resolve("claims.jsonl");
    sign(signature);
    attest(signature);
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    assertThat(push(reference).assertSucceeded().out())
        .contains(signature + " as sha256:", claims + ":1 as sha256:");

    Files.writeString(model.resolve("README.md"), "second");
    reference = repository(Kind.DISTRIBUTION).reference("1");
    push(reference)
        .assertFailed(
            PUSHING,
            signature + ": is not about exactly the files that are pushed",
            "other content: 'README.md'",
            "move it away",
            "nothing was pushed");
    Files.delete(signature);
    push(reference)
        .assertFailed(
            PUSHING,
            claims + ": has no claim about the files that are pushed: line 1: ",
            "sha256:",
            "move it away",
            "nothing was pushed");
    assertNoTag(reference);

    Files.writeString(claims, "x\n{}\n");
    assertThat(push(reference).assertSucceeded().out()).contains("attached     nothing");
    Files.writeString(model.resolve("model.sig"), "no signature");
    assertThat(push(reference, "--format=json").assertSucceeded().out())
        .contains("\"rule\":\"NOT_ATTACHED\"");
  }

  /** In the model, it would be left out of what is pushed, as if it were a signature of that. */
  @Test
  void aStaleSignatureInTheModelIsRefused() throws Exception {
    sign(model.resolve("model.sig"));
    Files.writeString(model.resolve("more"), "x");
    String reference = repository(Kind.DISTRIBUTION).reference("1");

    push(reference)
        .assertFailed(
            PUSHING, model.resolve("model.sig"), "not listed in it: 'more'", "nothing was");

    assertNoTag(reference);
    sign(signature);
    push(reference, "--signature", signature).assertSucceeded();
  }

  @Test
  void signaturesInTheModelAreNoFilesOfIt() throws Exception {
    sign(model.resolve("model.sig"));
    attest(model.resolve("model.sig"));
    Files.move(claims, model.resolve("claims.jsonl"));
    // What the program that appends claims leaves beside them.
    Files.writeString(model.resolve(".claims.jsonl.lock"), "");
    String reference = repository(Kind.DISTRIBUTION).reference("1");

    assertThat(push(reference).assertSucceeded().out())
        .contains("6 files", "model.sig as sha256:", "claims.jsonl:1 as sha256:");
    verify(reference).assertSucceeded();
  }

  /** A file of the model that has the name of a signature is one of its files. */
  @Test
  void whatOnlyHasTheNameOfASignatureIsAFileOfTheModel() throws Exception {
    Files.writeString(model.resolve("model.sig"), "weights");
    Files.writeString(model.resolve("claims.jsonl"), "{\"text\":1}\n");
    String reference = repository(Kind.DISTRIBUTION).reference("1");

    Invocation pushed = push(reference).assertSucceeded();

    assertThat(pushed.out()).contains("8 files", "attached     nothing");
    assertThat(pushed.err()).contains("model.sig", "claims.jsonl", "is pushed as a file");
  }

  @Test
  void linksAndOtherThingsAreRefused() throws Exception {
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    Path link = Files.createSymbolicLink(model.resolve("link"), Path.of("README.md"));
    push(reference).assertFailed(PUSHING, link, "is a symbolic link, which a registry cannot hold");
    push(reference, "--ignore-paths", link).assertSucceeded();
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("sub"));
    String second = repository(Kind.DISTRIBUTION).reference("1");
    push(second).assertFailed(PUSHING, link, "symbolic link to a directory");
    Files.delete(link);
    model = model.resolve("README.md");
    push(second).assertFailed(PUSHING, model, "is no directory");
    model = directory.resolve("nothing");
    push(second).assertFailed(PUSHING, model, "no such file or directory");
    assertNoTag(second);
  }

  @Test
  void aTagIsNeeded() throws Exception {
    push("oci://127.0.0.1:1/m@sha256:" + "0".repeat(64)).assertUsage("is pushed to a tag");
    push("oci://127.0.0.1:1/m:1@sha256:" + "0".repeat(64)).assertUsage("is pushed to a tag");
    push("oci://127.0.0.1:1/m").assertUsage("name a tag or a digest");
    push(directory.toString()).assertUsage("expected oci://");
    push("oci://127.0.0.1:1/m:1", "--attach=else").assertUsage("--attach: expected auto");
    Invocation.of("oci", "push", "oci://127.0.0.1:1/m:1", "oci://127.0.0.1:1/m:2")
        .assertUsage("takes a directory");
    Invocation.of("oci").assertUsage("name one of: push, list");
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatChangesWhileItIsPushedIsRefused(Kind kind) throws Exception {
    String reference = repository(kind).reference("1");
    HashProgress changing =
        new HashProgress() {
          @Override
          public void started(long files, long bytes) {
            try {
              Files.writeString(model.resolve("README.md"), "evil");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }

          @Override
          public void hashed(long bytes) {}

          @Override
          public void ended() {}
        };

    OciPush push = OciPush.to(OciReference.parse(reference)).withProgress(changing);

    assertThatThrownBy(() -> push.push(model, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("README.md");
    assertNoTag(reference);
    // What was pushed with these bytes has another digest, and leads to no other file.
    push(reference).assertSucceeded();
  }

  @Test
  void withoutTheApiNothingIsTaggedIfTheApiIsRequired() throws Exception {
    sign(signature);
    String reference = repository(Kind.DISTRIBUTION).reference("1");
    push(reference, "--signature", signature, "--attach", "referrers")
        .assertFailed(PUSHING, "has no referrers API");
    assertNoTag(reference);
    push(reference, "--signature", signature, "--attach", "tag").assertSucceeded();
    verify(reference).assertSucceeded();
  }

  // --- oci list

  @ParameterizedTest
  @EnumSource
  void listsWhatRefersToTheModelWithoutVerifyingIt(Kind kind) throws Exception {
    sign(signature);
    attest(signature);
    RawRegistry repository = repository(kind);
    String reference = repository.reference("1");
    push(reference, "--signature", signature, "--claims", claims).assertSucceeded();
    Invocation.of("sign", "key", reference, "--private-key", key).assertSucceeded();
    Files.writeString(directory.resolve("bom.json"), "{}");
    tools
        .oras(
            directory,
            "attach",
            "--artifact-type",
            "application/vnd.example.bom",
            plain(reference),
            "bom.json:application/json")
        .succeeds();

    Invocation listed = Invocation.of("oci", "list", reference).assertSucceeded();

    assertThat(listed.out().lines().map(line -> line.replaceAll("[0-9a-f]{12}\\.\\.\\.", "X")))
        .map(line -> line.replaceAll("attached [0-9TZ:-]+", "attached THEN"))
        .containsExactly(
            "NOT VERIFIED: this is what the registry says",
            "  " + reference,
            "  manifest " + digest(reference),
            "  |- signatures of the model's files: 2, NOT VERIFIED",
            "  |  |- sha256:X by key X, attached THEN, about model sha256:X",
            "  |  `- sha256:X by key X, attached THEN, about model sha256:X",
            "  |- signatures of the manifest: 1, NOT VERIFIED",
            "  |  `- sha256:X by key X, attached THEN, about this manifest",
            "  |- attestations: 1, NOT VERIFIED",
            "  |  `- sha256:X " + TYPE + " by key X, attached THEN, about model sha256:X",
            "  `- other referrers: 1, NOT VERIFIED",
            "     `- 1 of the type application/vnd.example.bom",
            "Verify it with 'model-signing verify METHOD "
                + reference
                + "'; METHOD is key, certificate or sigstore.");
    assertThat(Invocation.of("oci", "list", reference, "--format=json").assertSucceeded().out())
        .startsWith("{\"verified\":false,")
        .contains(
            "\"others\":[{\"artifactType\":\"application/vnd.example.bom\",\"number\":1}]",
            "\"kind\":\"IMAGE_SIGNATURE\"");
  }

  /** Whoever may write to a repository can put anything there. */
  @Test
  void listsWhatCannotBeReadOnOneLine() throws Exception {
    RawRegistry repository = repository(Kind.DISTRIBUTION);
    String reference = repository.reference("1");
    push(reference).assertSucceeded();
    Path forged =
        Files.writeString(
            directory.resolve("forged.json"),
            "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
                + "\"verificationMaterial\":{\"publicKey\":{\"hint\":\"x\"}},"
                + "\"dsseEnvelope\":{\"payload\":\"e30=\",\"payloadType\":\"application/vnd.in-toto+json\","
                + "\"signatures\":[{\"sig\":\"AAAA\"}]}}");
    for (String type :
        List.of("application/vnd.dev.sigstore.bundle.v0.3+json", "application/vnd.example")) {
      for (int i = 0; i < 25; i++) {
        Files.writeString(forged, Files.readString(forged) + " ");
        tools
            .oras(
                directory,
                "attach",
                "--artifact-type",
                type + (type.endsWith("example") ? i : ""),
                plain(reference),
                "forged.json:" + type)
            .succeeds();
      }
    }

    Invocation listed = Invocation.of("oci", "list", reference).assertSucceeded();

    assertThat(listed.out())
        .contains("bundles that cannot be read: 25, NOT VERIFIED", "and 5 more; --all shows them")
        .doesNotContain("\u001b")
        .hasLineCount(4 + 22 + 22 + 1);
    Invocation.of("oci", "list", reference, "--all", "--format=json").assertSucceeded();
    Invocation.of("oci", "list", repository.reference("absent"))
        .assertFailed("Listing failed with error", "absent");
    Invocation.of("oci", "list", model).assertUsage("expected oci://");
  }
}
