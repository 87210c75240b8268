package dev.modelsigning.cli.interop.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What anybody who may push can attach to a model: it hides no signature, and is none. */
@WithOciPeers
@OnOneJdk
class RegistryJunkIT extends RegistryScene {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String NAME = "\"org.cncf.model.filepath\":\"w.bin\"";
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private static final String POLICY =
      """
      version: 1
      signers:
        release: { key: { public-key: key.pub } }
      models:
        - { match: "**", signatures: { of: [release] } }
      """;

  private record Model(RawRegistry repository, String digest, String reference) {}

  private static Model model(Kind kind, String content) throws Exception {
    RawRegistry repository = repository(kind);
    byte[] weights = content.getBytes(UTF_8);
    repository.blob(weights);
    String digest = repository.model("1", RawRegistry.layer(RAW, weights, NAME));
    return new Model(repository, digest, repository.reference("1"));
  }

  /** A signature by the right key, of a directory with one file. */
  private byte[] signed(String content) throws Exception {
    Path files = Files.createDirectories(directory.resolve("files-" + content.length()));
    Files.writeString(files.resolve("w.bin"), content);
    Path signature = directory.resolve("made.sig");
    run("sign", "key", files, "--private-key", key, "--signature", signature).assertSucceeded();
    return Files.readAllBytes(signature);
  }

  private Invocation byPolicy(Model model) throws Exception {
    Path policy = Files.writeString(directory.resolve("policy.yaml"), POLICY);
    return Invocation.of("verify", "policy", model.reference(), "--policy", policy);
  }

  /** Without a signature the junk is named; beside one it is a warning. */
  private void assertHidesNothing(Model model, String junk, String why) throws Exception {
    verify(model.reference())
        .assertFailed(VERIFYING, "nothing that refers to it is a signature", junk, why);

    sign(model.reference()).assertSucceeded();

    assertThat(verify(model.reference()).assertSucceeded().err())
        .contains("warning: ", junk + " does not count", why);
    assertThat(verify(model.reference(), "--format", "json").assertSucceeded().out())
        .contains("REFERRER_NOT_USED", junk);
    assertThat(byPolicy(model).assertSucceeded().err()).contains(junk, why);
    verify(model.reference(), "--pull", directory.resolve("pulled")).assertSucceeded();
    assertThat(directory.resolve("pulled/w.bin")).hasContent("signed");
  }

  @Test
  void aBundleThatNobodyPushed() throws Exception {
    Model model = model(Kind.IN_MEMORY, "signed");
    byte[] bundle = signed("signed");
    String junk =
        model.repository().referrer(model.digest(), RawRegistry.layer(BUNDLE, bundle, ""));

    assertHidesNothing(
        model, junk, "its bundle " + RawRegistry.digest(bundle) + " is not there with");
  }

  /** The bundle itself is one that verifies, of a size that it does not have. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(longs = {17, 30_000_000, 300_000_000})
  void aBundleOfAnotherSize(long size) throws Exception {
    Model model = model(Kind.IN_MEMORY, "signed");
    byte[] bundle = signed("signed");
    model.repository().blob(bundle);
    String layer =
        RawRegistry.layer(BUNDLE, bundle, "")
            .replace("\"size\":" + bundle.length, "\"size\":" + size);
    String junk = model.repository().referrer(model.digest(), layer);

    assertHidesNothing(
        model,
        junk,
        size > 256L * 1024 * 1024 ? "would be larger than" : "is not there with " + size);
  }

  @Test
  void aBundleThatIsNone() throws Exception {
    for (Kind kind : Kind.values()) {
      Model model = model(kind, "signed");
      byte[] junk = "{\"mediaType\":1}".getBytes(UTF_8);
      model.repository().blob(junk);
      String digest =
          model.repository().referrer(model.digest(), RawRegistry.layer(BUNDLE, junk, ""));
      if (kind == Kind.DISTRIBUTION) {
        model
            .repository()
            .put(
                model.digest().replace(':', '-'),
                RawRegistry.INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                    .formatted(
                        RawRegistry.INDEX,
                        RawRegistry.MANIFEST,
                        digest,
                        model.repository().get(digest).length()));
      }
      verify(model.reference())
          .assertFailed(VERIFYING, "nothing that refers to it is a signature", digest);
      sign(model.reference()).assertSucceeded();
      assertThat(verify(model.reference()).assertSucceeded().err())
          .contains("warning: ", digest + " does not count");
    }
  }

  /** A genuine signature by the required signer, attached to what it is not about. */
  @ParameterizedTest
  @EnumSource
  void aSignatureOfAnotherModel(Kind kind) throws Exception {
    Model model = model(kind, "signed");
    Model other = model(kind, "another");
    sign(other.reference(), "--no-image-statement").assertSucceeded();
    byte[] bundle = signed("another model");
    model.repository().blob(bundle);
    Model attached = new Model(model.repository(), model.digest(), model.reference());
    String referrer =
        attached.repository().referrer(model.digest(), RawRegistry.layer(BUNDLE, bundle, ""));
    if (kind == Kind.DISTRIBUTION) {
      model
          .repository()
          .put(
              model.digest().replace(':', '-'),
              RawRegistry.INDEX,
              "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                  .formatted(
                      RawRegistry.INDEX,
                      RawRegistry.MANIFEST,
                      referrer,
                      model.repository().get(referrer).length()));
    }

    verify(model.reference()).assertFailed(VERIFYING, "w.bin");
    verify(model.reference(), "--pull", directory.resolve("pulled")).assertFailed(VERIFYING);
    assertThat(directory.resolve("pulled")).doesNotExist();
    byPolicy(model).assertFailed(VERIFYING);

    sign(model.reference(), "--no-image-statement").assertSucceeded();

    assertThat(verify(model.reference(), "--format", "json").assertSucceeded().out())
        .contains("\"otherSignatures\":1");
    byPolicy(model).assertSucceeded();
  }

  @Test
  void whatCannotBeAttachedIsNotSigned() throws Exception {
    Model model = model(Kind.IN_MEMORY, "signed");
    Path file = directory.resolve("model.sig");
    String path = model.reference().substring(model.reference().indexOf("/ml/"));
    String target = plain(model.reference()).split("/", 2)[0];
    try (RefusingRelay relay =
        new RefusingRelay(target, (method, place) -> method.equals("POST"))) {
      String reference = "oci://" + relay.address() + path;
      assertThat(
              sign(reference, "--signature", file)
                  .assertFailed(SIGNING, "answered 403", "denied")
                  .out())
          .isEmpty();
      assertThat(relay.refusals()).isEqualTo(1);
    }
    assertThat(file).doesNotExist();
    verify(model.reference()).assertFailed(VERIFYING, "nothing that refers to it");

    Model without = model(Kind.DISTRIBUTION, "signed");
    sign(without.reference(), "--signature", file, "--attach", "referrers")
        .assertFailed(SIGNING, "has no referrers API");
    assertThat(file).doesNotExist();
  }

  /** What can be written is found out before; what fails nevertheless is said. */
  @Test
  void aRegistryThatTakesBlobsAndNoManifests() throws Exception {
    Model model = model(Kind.IN_MEMORY, "signed");
    Path file = Files.writeString(directory.resolve("model.sig"), "from before");
    Path claims = directory.resolve("claims.jsonl");
    Path predicate = Files.writeString(directory.resolve("p.json"), "{}");
    String path = model.reference().substring(model.reference().indexOf("/ml/"));
    String target = plain(model.reference()).split("/", 2)[0];
    try (RefusingRelay relay =
        new RefusingRelay(
            target, (method, place) -> method.equals("PUT") && place.contains("/manifests/"))) {
      String reference = "oci://" + relay.address() + path;
      sign(reference, "--signature", file)
          .assertFailed(
              SIGNING,
              "answered 403",
              "what was signed was attached to nothing, and is not kept",
              file + " was not written");
      assertThat(file).hasContent("from before");
      sign(model.reference()).assertSucceeded();
      run(
              "attest",
              "key",
              reference,
              "--private-key",
              key,
              "--claims",
              claims,
              "--predicate",
              predicate,
              "--predicate-type",
              "https://example.com/t")
          .assertFailed("Attesting failed with error", "403", claims + " was not written");
      assertThat(claims).doesNotExist();
    }
    try (java.util.stream.Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(each -> String.valueOf(each.getFileName())))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  /** People are told as much as programs of where the signature was. */
  @Test
  void aDirectoryIsVerifiedByASignatureThatIsNamedByTagAndDigest() throws Exception {
    Model there = model(Kind.IN_MEMORY, "signed");
    sign(there.reference()).assertSucceeded();
    Path here = Files.createDirectories(directory.resolve("here"));
    Files.writeString(here.resolve("w.bin"), "signed");

    assertThat(verify(here, "--signature", there.reference()).assertSucceeded().out())
        .contains("registry     " + there.reference(), "manifest     " + there.digest());
    assertThat(
            verify(here, "--signature", there.reference(), "--format", "json")
                .assertSucceeded()
                .out())
        .contains(
            "\"reference\":\"" + there.reference() + "\"",
            "\"digest\":\"" + there.digest() + "\"",
            "\"tag\":\"1\"");
  }

  @Test
  void twoSignaturesAreAttached() throws Exception {
    Path mlDsa = directory.resolve("mldsa.pem");
    Path mlDsaPublic = directory.resolve("mldsa.pub");
    Invocation.of(
            "generate-key",
            "--algorithm",
            "ml-dsa-65",
            "--private-key",
            mlDsa,
            "--public-key",
            mlDsaPublic)
        .assertSucceeded();
    for (Kind kind : Kind.values()) {
      Model model = model(kind, "signed");
      Path file = directory.resolve(kind + ".sig");
      Invocation signed =
          sign(
                  model.reference(),
                  "--also",
                  mlDsa,
                  "--beyond-oms",
                  "--signature",
                  file,
                  "--format",
                  "json")
              .assertSucceeded();
      assertThat(signed.out())
          .contains("\"also\":")
          .containsOnlyOnce("https://sigstore.dev/cosign/sign/v1")
          .doesNotContain("IMAGE_STATEMENT_LEFT_OUT");
      verify(model.reference()).assertSucceeded();
      run("verify", "key", model.reference(), "--public-key", mlDsaPublic, "--beyond-oms")
          .assertSucceeded();
      verify(model.reference(), "--signature", file).assertSucceeded();
      run(
              "verify",
              "key",
              model.reference(),
              "--public-key",
              mlDsaPublic,
              "--beyond-oms",
              "--signature",
              directory.resolve(kind + ".mldsa.sig"))
          .assertSucceeded();
      tools
          .cosign(
              directory,
              "verify",
              "--key",
              publicKey.toString(),
              "--insecure-ignore-tlog",
              plain(model.reference()))
          .succeeds();
    }
  }

  @Test
  void cosignIsGivenNothingThatItCannotRead() throws Exception {
    Path mlDsa = directory.resolve("mldsa.pem");
    Path mlDsaPublic = directory.resolve("mldsa.pub");
    Invocation.of(
            "generate-key",
            "--algorithm",
            "ml-dsa-44",
            "--private-key",
            mlDsa,
            "--public-key",
            mlDsaPublic)
        .assertSucceeded();
    Path predicate = Files.writeString(directory.resolve("p.json"), "{}");
    Model model = model(Kind.IN_MEMORY, "signed");

    assertThat(
            run("sign", "key", model.reference(), "--private-key", mlDsa, "--beyond-oms")
                .assertSucceeded()
                .err())
        .contains("no statement about the manifest was attached for 'cosign verify'");
    assertThat(
            run(
                    "attest",
                    "key",
                    model.reference(),
                    "--private-key",
                    mlDsa,
                    "--beyond-oms",
                    "--predicate",
                    predicate,
                    "--predicate-type",
                    "https://example.com/t")
                .assertSucceeded()
                .err())
        .contains("no statement about the manifest was attached");
    assertThat(Invocation.of("oci", "list", model.reference(), "--format", "json").out())
        .doesNotContain("https://sigstore.dev/cosign/sign/v1");
    assertThat(
            run(
                    "sign",
                    "key",
                    model.reference(),
                    "--private-key",
                    mlDsa,
                    "--beyond-oms",
                    "--no-image-statement")
                .assertSucceeded()
                .err())
        .doesNotContain("cosign");
  }
}
