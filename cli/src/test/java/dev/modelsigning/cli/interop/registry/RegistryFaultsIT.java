package dev.modelsigning.cli.interop.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.LossyRelay;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Validly signed models in real registries that lack something, or list what is of no use. */
@WithOciPeers
@OnOneJdk
class RegistryFaultsIT extends RegistryScene {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String NAME = "\"org.cncf.model.filepath\":\"w.bin\"";

  private static final String POLICY =
      """
      version: 1
      signers:
        release: { key: { public-key: key.pub } }
      models:
        - { match: "**", signatures: { of: [release] }, max-age: 30d }
      """;

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

  @Test
  void whatIsNotThereIsSaidBeforeTheWordsOfTheRegistry() throws Exception {
    for (Kind kind : Kind.values()) {
      RawRegistry repository = repository(kind);
      verify(repository.reference("absent"))
          .assertFailed(
              VERIFYING,
              repository.reference("absent"),
              "has no such tag; check the repository and the tag",
              "It answered 404: '");
      verify(repository.reference("sha256:" + "0".repeat(64)))
          .assertFailed(VERIFYING, "has no manifest with this digest; 'oci list'", "404: '");
    }
  }

  @Test
  void whoSignedIsSaidIfNoneIsTheRequiredSigner() throws Exception {
    byte[] content = "signed".getBytes(UTF_8);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.blob(content);
    repository.model("1", RawRegistry.layer(RAW, content, NAME));
    String reference = repository.reference("1");
    for (int i = 0; i < 7; i++) {
      Path other = directory.resolve("other" + i + ".pem");
      Invocation.of(
              "generate-key", "--private-key", other, "--public-key", directory.resolve(i + ".pub"))
          .assertSucceeded();
      run("sign", "key", reference, "--private-key", other, "--no-image-statement")
          .assertSucceeded();
    }

    assertThat(
            verify(reference)
                .assertFailed(VERIFYING, "none of the 7 signatures", "(they claim to be by key ")
                .err())
        .contains(" and 2 more): ", "the one given has the fingerprint");
    assertThat(verify(reference, "--format", "json").out())
        .contains("\"reason\":\"WRONG_KEY\"", "\"otherSignatures\":6");
  }

  @Test
  void referencesAsOtherProgramsWriteThem() throws Exception {
    String advice = "a model in a registry is named by oci://, here oci://127.0.0.1:1/ml/model:1";
    for (String prefix : new String[] {"", "docker://", "https://", "HTTP://"}) {
      String reference = prefix + "127.0.0.1:1/ml/model:1";
      sign(reference).assertFailed(SIGNING, "no such file or directory", advice);
      verify(reference).assertUsage("A model in a registry is named by oci://HOST/REPOSITORY:TAG.");
      Path policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
      Invocation.of("verify", "policy", reference, "--policy", policy)
          .assertFailed(VERIFYING, advice);
    }
    sign("https://h.example/a").assertFailed(SIGNING, "here oci://h.example/a:TAG");
    assertThat(sign("https://me:secret@h.example/a:1").assertFailed(SIGNING, "").err())
        .contains("here oci://HOST/REPOSITORY:TAG");
    assertThat(sign("models/a:1").assertFailed(SIGNING, "").err()).doesNotContain("oci://");
  }

  @Test
  void aRootIsNoneOfAModelInARegistry() throws Exception {
    Path policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
    Invocation.of(
            "verify", "policy", "oci://127.0.0.1:1/m:1", "--policy", policy, "--root", directory)
        .assertUsage("--root is for models in directories");
  }

  @Test
  void theTypesOfOtherAttestationsAreNamed() throws Exception {
    byte[] content = "signed".getBytes(UTF_8);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.blob(content);
    repository.model("1", RawRegistry.layer(RAW, content, NAME));
    String reference = repository.reference("1");
    sign(reference).assertSucceeded();
    Path predicate = Files.writeString(directory.resolve("p.json"), "{}");
    for (int i = 0; i < 2; i++) {
      run(
              "attest",
              "key",
              reference,
              "--private-key",
              key,
              "--predicate-type",
              "https://example.com/" + i,
              "--predicate",
              predicate)
          .assertSucceeded();
    }

    run(
            "verify-attestation",
            "key",
            reference,
            "--public-key",
            publicKey,
            "--predicate-type",
            "https://example.com/other")
        .assertFailed(
            VERIFYING,
            "found 2 claims of other types (https://example.com/0, https://example.com/1)");
  }

  /** What is wrong with several for one reason is one line that can be read. */
  @Test
  void manySignaturesThatAreTooOldAreNotListed() throws Exception {
    byte[] content = "signed".getBytes(UTF_8);
    RawRegistry repository = repository(Kind.IN_MEMORY);
    repository.blob(content);
    repository.model("1", RawRegistry.layer(RAW, content, NAME));
    String reference = repository.reference("1");
    for (int i = 0; i < 5; i++) {
      sign(reference, "--no-image-statement").assertSucceeded();
    }
    Path policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);

    String said =
        Invocation.of("verify", "policy", reference, "--policy", policy)
            .assertFailed(VERIFYING, "signed in the last 30d", " and 4 more: ")
            .err();

    assertThat(said.lines().findFirst().orElseThrow()).containsOnlyOnce("@sha256:");
  }

  /** What the registry has of an upload whose connection was lost is not sent again. */
  @Test
  void anUploadThatIsCutOffGoesOnWhereItWas() throws Exception {
    long size = 48_000_000;
    Path large = Files.createDirectories(directory.resolve("large"));
    byte[] weights = new byte[(int) size];
    new Random(1).nextBytes(weights);
    Files.write(large.resolve("w.bin"), weights);
    RegistryServer server = servers.get(Kind.DISTRIBUTION);
    try (LossyRelay relay = new LossyRelay(server.address())) {
      relay.loseAfterSending(size * 3 / 4);

      Invocation.of("oci", "push", large, "oci://" + relay.address() + "/ml/cut/off:1")
          .assertSucceeded();

      assertThat(relay.sent()).isBetween(size, size * 3 / 2);
    }
    assertThat(tools.crane("digest", server.reference("ml/cut/off:1")).succeeds())
        .startsWith("sha256:");
  }
}
