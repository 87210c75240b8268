package dev.modelsigning.cli.interop.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Validly signed models in real registries that lack something, or list what is of no use. */
@WithOciPeers
@OnOneJdk
class RegistryFaultsIT extends RegistryScene {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String NAME = "\"org.cncf.model.filepath\":\"w.bin\"";

  /** Signs a directory with one file, which no registry has. */
  private Path signedHere(byte[] content) throws Exception {
    Path files = Files.createDirectories(directory.resolve("files"));
    Files.write(files.resolve("w.bin"), content);
    Path signature = directory.resolve("here.sig");
    run("sign", "key", files, "--private-key", key, "--signature", signature).assertSucceeded();
    return signature;
  }

  @Test
  void aSignedLayerThatNobodyPushed() throws Exception {
    byte[] content = "never pushed".getBytes(UTF_8);
    Path signature = signedHere(content);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.model("1", RawRegistry.layer(RAW, content, NAME));
    String reference = repository.reference("1");
    String pinned = reference.replace(":1", "@sha256:");
    String layer = "the layer " + RawRegistry.digest(content) + ", the file 'w.bin', is not in";

    verify(reference, "--signature", signature).assertFailed(VERIFYING, pinned, layer);
    sign(reference).assertFailed(SIGNING, pinned, layer);
    verify(reference, "--signature", signature, "--pull", directory.resolve("pulled"))
        .assertFailed(VERIFYING, RawRegistry.digest(content));
    assertThat(directory.resolve("pulled")).doesNotExist();

    repository.blob(content);
    verify(reference, "--signature", signature).assertSucceeded();
  }

  @Test
  void aSignedLayerOfAnotherSize() throws Exception {
    byte[] content = "of another size".getBytes(UTF_8);
    Path signature = signedHere(content);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.blob(content);
    repository.model(
        "1",
        RawRegistry.layer(RAW, content, NAME)
            .replace("\"size\":" + content.length, "\"size\":1000"));
    String reference = repository.reference("1");

    verify(reference, "--signature", signature)
        .assertFailed(
            VERIFYING,
            reference.replace(":1", "@sha256:"),
            RawRegistry.digest(content),
            "the manifest says 1000, found");
    sign(reference).assertFailed(SIGNING, RawRegistry.digest(content), "has another size");
  }

  @Test
  void anImageUnderTheNameOfTheFallbackTag() throws Exception {
    byte[] content = "signed".getBytes(UTF_8);
    for (Kind kind : Kind.values()) {
      RawRegistry repository = repository(kind);
      repository.blob(content);
      String digest = repository.model("1", RawRegistry.layer(RAW, content, NAME));
      String reference = repository.reference("1");
      sign(reference).assertSucceeded();
      repository.manifest(digest.replace(':', '-'), repository.get("1"));

      if (kind == Kind.IN_MEMORY) {
        assertThat(verify(reference).assertSucceeded().err())
            .contains("warning: ", "must be that of an index", "was not looked at");
      } else {
        verify(reference).assertFailed(VERIFYING, digest, "must be that of an index");
      }
    }
  }

  @Test
  void aListThatHasADigestOfAnotherAlgorithm() throws Exception {
    byte[] content = "signed".getBytes(UTF_8);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.blob(content);
    String digest = repository.model("1", RawRegistry.layer(RAW, content, NAME));
    String reference = repository.reference("1");
    // This registry stores a manifest under any digest, and lists only what it has.
    String other = "sha512:" + "ab".repeat(64);
    repository.manifest(other, repository.get("1"));
    repository.put(
        digest.replace(':', '-'),
        RawRegistry.INDEX,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":9}]}"
            .formatted(RawRegistry.INDEX, RawRegistry.MANIFEST, other));

    verify(reference)
        .assertFailed(VERIFYING, "nothing that refers to it is a signature", "of sha512 are not");
    sign(reference, "--attach", "tag").assertFailed(SIGNING, "cannot be kept when the tag");
    sign(reference).assertSucceeded();
    assertThat(verify(reference).assertSucceeded().err())
        .contains("warning: ", "digests of sha512 are not supported", "it was not looked at");
  }
}
