package dev.modelsigning.cli.interop.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.interop.attestation.WithCosign;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.TarBytes;
import dev.modelsigning.testing.WithOciPeers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in real registries, signed and verified by this program and by cosign. */
@WithOciPeers
@WithCosign
@OnOneJdk
class RegistryModelsIT extends RegistryScene {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String TAR = "application/vnd.cncf.model.weight.v1.tar";

  @ParameterizedTest
  @EnumSource
  void aModelOfOrasIsSignedVerifiedAndPulled(Kind kind) throws Exception {
    RawRegistry repository = repository(kind);
    String reference = push(repository);

    assertThat(sign(reference).assertSucceeded().err())
        .contains("warning: 2 of 4 files were not downloaded: their digests are those by which");
    assertThat(verify(reference).assertSucceeded().out())
        .contains("Verification succeeded", "model        " + reference, "4 files");
    Path pulled = directory.resolve("pulled");
    verify(reference, "--pull", pulled, "--format", "json").assertSucceeded();
    assertThat(pulled.resolve("weights.bin")).hasBinaryContent(new byte[300_000]);
    assertThat(pulled.resolve("sub/deeper/vocab.txt")).hasContent("a b c");
    assertThat(pulled.resolve("sub/empty")).isEmptyFile();
    verify(model, "--signature", reference).assertSucceeded();
    verify(pulled, "--signature", reference).assertSucceeded();
    assertThat(directory).isDirectoryNotContaining("glob:**/.model-signing-*");
  }

  /** What is signed in the registry is what would be signed of the directory. */
  @ParameterizedTest
  @EnumSource
  void theStatementIsThatOfTheDirectory(Kind kind) throws Exception {
    String reference = push(repository(kind));
    Path inRegistry = directory.resolve("registry.sig");
    Path here = directory.resolve("here.sig");

    sign(reference, "--signature", inRegistry).assertSucceeded();
    run("sign", "key", model, "--private-key", key, "--signature", here).assertSucceeded();

    assertThat(payload(inRegistry)).isEqualTo(payload(here));
    verify(model, "--signature", inRegistry).assertSucceeded();
    verify(reference, "--signature", here).assertSucceeded();
  }

  static String payload(Path bundle) throws Exception {
    return new String(Bundle.read(bundle).envelope().payload().content().toArray(), UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void cosignVerifiesTheManifestAndShowsBoth(Kind kind) throws Exception {
    String reference = push(repository(kind));
    sign(reference).assertSucceeded();

    tools
        .cosign(
            directory,
            "verify",
            "--key",
            publicKey.toString(),
            "--insecure-ignore-tlog",
            plain(reference))
        .succeeds();
    assertThat(tools.cosign(directory, "tree", plain(reference)).succeeds())
        .contains("https://model_signing/signature/v1.0", "https://sigstore.dev/cosign/sign/v1");
    assertThat(tools.oras(directory, "discover", plain(reference)).succeeds()).contains("sha256:");
    assertThat(
            tools
                .regctl(directory, "artifact", "list", plain(reference))
                .succeeds()
                .split("sha256:"))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheImageStatementCosignDoesNotVerify(Kind kind) throws Exception {
    String reference = push(repository(kind));
    sign(reference, "--no-image-statement").assertSucceeded();

    verify(reference).assertSucceeded();
    tools
        .cosign(
            directory,
            "verify",
            "--key",
            publicKey.toString(),
            "--insecure-ignore-tlog",
            plain(reference))
        .fails("");
  }

  @ParameterizedTest
  @EnumSource
  void signaturesOfOthersAreCounted(Kind kind) throws Exception {
    String reference = push(repository(kind));
    Path otherKey = directory.resolve("other.pem");
    Path otherPublic = directory.resolve("other.pub");
    Invocation.of("generate-key", "--private-key", otherKey, "--public-key", otherPublic)
        .assertSucceeded();

    verify(reference).assertFailed(VERIFYING, reference.substring(0, 15), "nothing that refers");
    run("sign", "key", reference, "--private-key", otherKey, "--no-image-statement")
        .assertSucceeded();
    verify(reference).assertFailed(VERIFYING, "oci://", "@sha256:");
    sign(reference, "--no-image-statement").assertSucceeded();

    assertThat(verify(reference).assertSucceeded().out())
        .contains("not verified 1 other signature in the registry");
    run(
            "verify",
            "certificate",
            reference,
            "--certificate-chain",
            publicKey,
            "--certificate-identity",
            "x")
        .assertFailed(VERIFYING);
  }

  @ParameterizedTest
  @EnumSource
  void attachedByTag(Kind kind) throws Exception {
    RawRegistry repository = repository(kind);
    String reference = push(repository);
    String digest = tools.crane("digest", plain(reference)).succeeds();

    sign(reference, "--attach", "tag").assertSucceeded();

    assertThat(tools.crane("ls", plain(reference).replaceAll(":1$", "")).succeeds())
        .contains(digest.replace(':', '-'));
    verify(reference).assertSucceeded();
  }

  @Test
  void theApiIsRequiredOnDemand() throws Exception {
    String without = push(repository(Kind.DISTRIBUTION));
    sign(without, "--attach", "referrers").assertFailed(SIGNING, "referrers");
    String with = push(repository(Kind.IN_MEMORY));
    sign(with, "--attach", "referrers").assertSucceeded();
    verify(with).assertSucceeded();
  }

  @ParameterizedTest
  @EnumSource
  void otherAlgorithmsAreReadAndChecked(Kind kind) throws Exception {
    String reference = push(repository(kind));

    sign(reference, "--hash-algorithm", "blake3", "--shard-size", "100000").assertSucceeded();
    assertThat(verify(reference).assertSucceeded().err()).doesNotContain("without reading");
    verify(model, "--signature", reference).assertSucceeded();
  }

  @Test
  void aChangedLayerIsNotTheSignedOne() throws Exception {
    RawRegistry repository = repository(Kind.DISTRIBUTION);
    byte[] good = "good".getBytes(UTF_8);
    byte[] bad = "evil".getBytes(UTF_8);
    repository.blob(good);
    repository.blob(bad);
    String name = "\"org.cncf.model.filepath\":\"w.bin\"";
    repository.model("good", RawRegistry.layer(RAW, good, name));
    repository.model("bad", RawRegistry.layer(RAW, bad, name));
    Path signature = directory.resolve("model.sig");
    sign(repository.reference("good"), "--signature", signature).assertSucceeded();

    verify(repository.reference("bad"), "--signature", signature).assertFailed(VERIFYING, "w.bin");
    Path pulled = directory.resolve("pulled");
    verify(repository.reference("bad"), "--signature", signature, "--pull", pulled)
        .assertFailed(VERIFYING, "w.bin");
    assertThat(pulled).doesNotExist();
    assertThat(directory).isDirectoryNotContaining("glob:**/.*");
  }

  /** A registry that gives other bytes than those that the digest names. */
  @Test
  void aManifestThatIsNotItsDigest() throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] layer = "w".getBytes(UTF_8);
    repository.blob(layer);
    String name = "\"org.cncf.model.filepath\":\"w.bin\"";
    repository.model("1", RawRegistry.layer(RAW, layer, name));
    String wrong = RawRegistry.digest("another".getBytes(UTF_8));
    repository.manifest(wrong, repository.get("1"));

    sign(repository.reference(wrong)).assertFailed(SIGNING, wrong);
    verify(repository.reference(wrong)).assertFailed(VERIFYING, wrong);
  }

  @Test
  void aReferrerOfAnotherModelCountsForNothing() throws Exception {
    RawRegistry repository = repository(Kind.DISTRIBUTION);
    byte[] one = "one".getBytes(UTF_8);
    byte[] two = "two".getBytes(UTF_8);
    repository.blob(one);
    repository.blob(two);
    String name = "\"org.cncf.model.filepath\":\"w.bin\"";
    String first = repository.model("1", RawRegistry.layer(RAW, one, name));
    String second = repository.model("2", RawRegistry.layer(RAW, two, name));
    sign(repository.reference("1")).assertSucceeded();
    // The fallback tag of the second lists the referrers of the first.
    repository.put(
        second.replace(':', '-'), RawRegistry.INDEX, repository.get(first.replace(':', '-')));

    assertThat(
            verify(repository.reference("2"))
                .assertFailed(VERIFYING, second, "nothing that refers to it is a signature")
                .err())
        .contains("refers to " + first);
  }

  @Test
  void anIndexIsNotAModel() throws Exception {
    RawRegistry repository = repository(Kind.DISTRIBUTION);
    byte[] layer = "w".getBytes(UTF_8);
    repository.blob(layer);
    String digest =
        repository.model(
            "amd", RawRegistry.layer(RAW, layer, "\"org.cncf.model.filepath\":\"w.bin\""));
    repository.put(
        "1",
        RawRegistry.INDEX,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}"
            .formatted(
                RawRegistry.INDEX, RawRegistry.MANIFEST, digest, repository.get("amd").length()));

    sign(repository.reference("1"))
        .assertFailed(
            SIGNING, "is an index of manifests", "(the tag 1)", "@" + digest, "linux/amd64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "a/../b", "", "a//b", "./a", "a/", "a\\u0000b"})
  void titlesThatAreNoNames(String title) throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] layer = "w".getBytes(UTF_8);
    repository.blob(layer);
    for (String key : new String[] {"org.cncf.model.filepath", "org.opencontainers.image.title"}) {
      repository.model("1", RawRegistry.layer(RAW, layer, "\"" + key + "\":\"" + title + "\""));
      sign(repository.reference("1"))
          .assertFailed(SIGNING, repository.reference("1").substring(0, 20), "@sha256:", "name");
    }
  }

  @Test
  void twoLayersWithOneName() throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] one = "1".getBytes(UTF_8);
    byte[] two = "2".getBytes(UTF_8);
    repository.blob(one);
    repository.blob(two);
    String name = "\"org.cncf.model.filepath\":\"w\"";
    repository.model("1", RawRegistry.layer(RAW, one, name), RawRegistry.layer(RAW, two, name));
    sign(repository.reference("1")).assertFailed(SIGNING, "is the second one with the name 'w'");

    byte[] archive = new TarBytes().file("w", "3").whole();
    repository.blob(archive);
    repository.model("2", RawRegistry.layer(RAW, one, name), RawRegistry.layer(TAR, archive, ""));
    sign(repository.reference("2")).assertFailed(SIGNING, "w");
  }

  @Test
  void archivesWithWhatCannotBePartOfAModel() throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] none = new byte[0];
    Map<String, byte[]> bad =
        Map.of(
            "a symbolic link", new TarBytes().entry('2', "l", none).whole(),
            "a device", new TarBytes().entry('3', "l", none).whole(),
            "'..'", new TarBytes().file("../x", "1").whole(),
            "is absolute", new TarBytes().file("/x", "1").whole(),
            "data after its end", new TarBytes().file("x", "1").end().file("y", "1").whole(),
            "in the middle", new TarBytes().file("x", "1".repeat(600)).bytes());
    for (Map.Entry<String, byte[]> each : bad.entrySet()) {
      byte[] archive = each.getValue();
      if (each.getKey().equals("in the middle")) {
        archive = Arrays.copyOf(archive, 700);
      }
      repository.blob(archive);
      repository.model("1", RawRegistry.layer(TAR, archive, ""));
      sign(repository.reference("1"))
          .assertFailed(SIGNING, each.getKey(), RawRegistry.digest(archive));
    }
  }

  @Test
  void compressedArchives() throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] zipped = zip(new TarBytes().file("dir/w", "1").whole());
    repository.blob(zipped);
    repository.model("1", RawRegistry.layer(TAR + "+gzip", zipped, ""));
    sign(repository.reference("1")).assertSucceeded();
    Path pulled = directory.resolve("pulled");
    verify(repository.reference("1"), "--pull", pulled).assertSucceeded();
    assertThat(pulled.resolve("dir/w")).hasContent("1");

    repository.model("2", RawRegistry.layer(TAR + "+zstd", zipped, ""));
    sign(repository.reference("2")).assertFailed(SIGNING, "push it with gzip");

    byte[] bomb = zip(new byte[100 << 20]);
    repository.blob(bomb);
    repository.model("3", RawRegistry.layer(TAR + "+gzip", bomb, ""));
    sign(repository.reference("3")).assertFailed(SIGNING, RawRegistry.digest(bomb));
  }

  private static byte[] zip(byte[] content) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void digestsOfOtherAlgorithms() throws Exception {
    RawRegistry repository = repository(Kind.IN_MEMORY);
    byte[] layer = "w".getBytes(UTF_8);
    String descriptor =
        RawRegistry.layer(RAW, layer, "\"org.cncf.model.filepath\":\"w.bin\"")
            .replaceAll("sha256:[0-9a-f]{64}", "sha512:" + "0".repeat(128));
    repository.model("1", descriptor);

    sign(repository.reference("1")).assertFailed(SIGNING, "sha512", "not supported");
  }

  @Test
  void wrongUsage() {
    String reference = "oci://127.0.0.1:1/ml/model:1";
    verify(model, "--signature", key, "--pull", directory.resolve("x"))
        .assertUsage("--pull is for a model in a registry");
    verify(reference, "--kubernetes-volume").assertUsage("--kubernetes-volume");
    sign(model.toString(), "--attach", "tag").assertUsage("--attach is for models in a registry");
    sign(model.toString(), "--no-image-statement").assertUsage("--no-image-statement");
    sign(reference, "--attach", "somehow").assertUsage("expected auto, referrers or tag");
    sign("oci://user:secret@127.0.0.1/ml/model:1").assertUsage("has no user and no password");
    assertThat(sign("oci://user:secret@127.0.0.1/ml/model:1").err()).doesNotContain("secret@");
    sign("oci://127.0.0.1/ml/model").assertUsage("name a tag or a digest");
    Invocation.of("digest", reference).assertUsage("a directory or a file");
  }
}
