package dev.modelsigning.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.registry.FakeRegistry;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.testing.TarBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciModelTest {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String TAR = "application/vnd.cncf.model.weight.v1.tar";

  @TempDir private Path directory;

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private Descriptor file(String name, String content) {
    Descriptor blob = registry.put(content.getBytes(UTF_8));
    return typed(RAW, blob, Map.of(ModelLayers.FILE_PATH, name));
  }

  private Descriptor archive(byte[] content) {
    return typed(TAR, registry.put(content), Map.of());
  }

  private static Descriptor typed(String type, Descriptor blob, Map<String, String> annotations) {
    return new Descriptor(
        type, blob.digest(), blob.size(), annotations, Optional.empty(), Optional.empty());
  }

  private OciDigest tag(String tag, Descriptor... layers) {
    return put(typed(MediaTypes.EMPTY, registry.put("{}".getBytes(UTF_8)), Map.of()), tag, layers);
  }

  private OciDigest put(Descriptor config, String tag, Descriptor... layers) {
    return registry.put(
        new ImageManifest(
                Optional.of(MediaTypes.MANIFEST),
                Optional.empty(),
                config,
                List.of(layers),
                Optional.empty(),
                Map.of())
            .toJson(),
        tag);
  }

  private OciModel open(String tag) throws IOException {
    return OciModel.open(registry.reference(":" + tag), Map.of());
  }

  private static HashedModel hash(ModelSource model, HashAlgorithm algorithm) throws IOException {
    return ModelHasher.builder()
        .hashAlgorithm(algorithm)
        .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED))
        .build()
        .hash(model);
  }

  private Path local() throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("w.bin"), "weights");
    Files.writeString(Files.createDirectories(model.resolve("d")).resolve("x"), "1");
    Files.writeString(model.resolve("d/empty"), "");
    return model;
  }

  private void push(String tag) {
    tag(
        tag,
        file("w.bin", "weights"),
        archive(new TarBytes().directory("d/").file("d/x", "1").file("d/empty", "").whole()));
  }

  @Test
  void isTheSameModelAsTheDirectory() throws IOException {
    push("1");
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      HashedModel here = hash(DirectorySource.of(local()), algorithm);
      try (OciModel model = open("1")) {
        HashedModel there = hash(model, algorithm);
        assertThat(there.manifest()).isEqualTo(here.manifest());
        assertThat(there.name()).isEqualTo("model");
        assertThat(there.bytes()).isEqualTo(here.bytes());
        assertThat(hash(model.reading(), algorithm).manifest()).isEqualTo(here.manifest());
      }
    }
  }

  @Test
  void layersThatAreFilesAreNotFetched() throws IOException {
    push("1");
    try (OciModel model = open("1")) {
      hash(model, HashAlgorithm.SHA256);
    }
    OciDigest weights = OciDigest.of("weights".getBytes(UTF_8));

    assertThat(registry.requests)
        .filteredOn(request -> request.path().contains(weights.hex()))
        .singleElement()
        .matches(request -> request.method().equals("HEAD"));
  }

  @Test
  void digestsThatAreNotReadNeedConsent() throws IOException {
    push("1");
    try (OciModel model = open("1")) {
      assertThatThrownBy(() -> ModelHasher.withDefaults().hash(model))
          .hasMessageContaining("its digest was not read");
      assertThat(ModelHasher.withDefaults().hash(model.reading()).files()).isEqualTo(3);
    }
  }

  /** Bytes that are read must be those of the digest, whatever is computed of them. */
  @Test
  void otherBytesThanThoseOfTheDigest() throws IOException {
    push("1");
    OciDigest weights = OciDigest.of("weights".getBytes(UTF_8));
    registry.blobs.put(weights.toString(), "WEIGHTS".getBytes(UTF_8));

    try (OciModel model = open("1")) {
      assertThatThrownBy(() -> hash(model, HashAlgorithm.BLAKE3))
          .hasMessageContaining(weights.toString())
          .hasMessageContaining("its bytes have the digest");
    }
  }

  @Test
  void anArchiveWithOtherBytes() throws IOException {
    byte[] good = new TarBytes().file("x", "1").whole();
    byte[] bad = new TarBytes().file("x", "2").whole();
    Descriptor layer = archive(good);
    tag("1", layer);
    registry.blobs.put(layer.digest().toString(), bad);

    try (OciModel model = open("1")) {
      assertThatThrownBy(() -> hash(model, HashAlgorithm.SHA256))
          .hasMessageContaining(model.pinned().toString())
          .hasMessageContaining(layer.digest().toString());
    }
  }

  @Test
  void anArchiveOutsideOfItsDirectory() throws IOException {
    byte[] zipped = gzip(new TarBytes().directory("d").file("d/x", "1").file("y", "1").whole());
    tag(
        "1",
        typed(
            "application/x",
            registry.put(zipped),
            Map.of(ModelLayers.TITLE, "d", ModelLayers.UNPACK, "true")));

    try (OciModel model = open("1")) {
      assertThatThrownBy(() -> hash(model, HashAlgorithm.SHA256))
          .hasMessageContaining("outside of its directory 'd', 'y'");
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void aTagThatMovesIsNoticed() throws IOException {
    OciDigest first = tag("1", file("w.bin", "one"));
    try (OciModel model = open("1")) {
      assertThat(model.movedTag()).isEmpty();
      OciDigest second = tag("1", file("w.bin", "two"));

      assertThat(model.digest()).isEqualTo(first);
      assertThat(hash(model, HashAlgorithm.SHA256).manifest().resources().get(0).digest().hex())
          .isEqualTo(OciDigest.of("one".getBytes(UTF_8)).hex());
      Finding moved = model.movedTag().orElseThrow();
      assertThat(moved.rule()).isEqualTo(OciRules.TAG_MOVED);
      assertThat(moved.message()).contains(first.toString(), second.toString());
    }
    try (OciModel pinned = OciModel.open(registry.reference("@" + first), Map.of())) {
      assertThat(pinned.movedTag()).isEmpty();
    }
  }

  @Test
  void descriptionsOfOtherProgramsAreSaid() throws IOException {
    Descriptor kitfile =
        typed(
            "application/vnd.kitops.modelkit.config.v1+json",
            registry.put("{\"a\":1}".getBytes(UTF_8)),
            Map.of());
    tag("1", file("w.bin", "one"), kitfile);
    tag("2", kitfile);

    try (OciModel model = open("1")) {
      HashedModel hashed = hash(model, HashAlgorithm.SHA256);
      assertThat(hashed.files()).isEqualTo(1);
      assertThat(hashed.findings())
          .anyMatch(one ->
              one.rule().equals(OciRules.LAYER_NOT_OF_MODEL)
                  && one.message().contains(kitfile.digest().toString()));
    }
    assertThatThrownBy(() -> open("2")).hasMessageContaining("no layer with a file of a model");
  }

  @Test
  void whatIsNoModel() throws IOException {
    tag("empty");
    tag("unnamed", typed("application/octet-stream", registry.put(new byte[] {1}), Map.of()));
    tag(
        "container",
        typed(
            "application/vnd.oci.image.layer.v1.tar+gzip", registry.put(new byte[] {2}), Map.of()));
    tag(
        "names",
        typed(
            RAW,
            registry.put(new byte[] {3}),
            Map.of(ModelLayers.TITLE, "a", ModelLayers.FILE_PATH, "b")));
    tag(
        "unpacked",
        typed(
            RAW,
            registry.put(new byte[] {5}),
            Map.of(ModelLayers.FILE_PATH, "a", ModelLayers.UNPACK, "true")));
    tag("titled", typed(TAR, registry.put(new byte[] {6}), Map.of(ModelLayers.TITLE, "a")));
    tag("zstd", typed(TAR + "+zstd", registry.put(new byte[] {4}), Map.of()));

    assertThatThrownBy(() -> open("empty")).hasMessageContaining("has no layers");
    assertThatThrownBy(() -> open("unnamed")).hasMessageContaining("has no name");
    assertThatThrownBy(() -> open("container")).hasMessageContaining("container's root");
    assertThatThrownBy(() -> open("names")).hasMessageContaining("two names, 'b' and 'a'");
    assertThatThrownBy(() -> open("unpacked")).hasMessageContaining("is to be unpacked by");
    assertThatThrownBy(() -> open("titled")).hasMessageContaining("a file by");
    assertThatThrownBy(() -> open("zstd")).hasMessageContaining("push it with gzip");
    assertThatThrownBy(() -> open("absent")).hasMessageContaining("absent");
  }

  /** A runtime would unpack the layers of image types, and ignore the others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.OCI.image.config.v2+json"
      })
  void aContainerImageIsNoModelWhateverItsLayersAre(String type) {
    Descriptor config = typed(type, registry.put("{}".getBytes(UTF_8)), Map.of());
    Descriptor signed = file("w.bin", "weights");
    Descriptor unpacked =
        typed(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            registry.put(new byte[] {1}),
            Map.of(ModelLayers.TITLE, ".git/x"));
    Descriptor archive =
        typed(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            registry.put(new byte[] {1}),
            Map.of(ModelLayers.TITLE, "d", ModelLayers.UNPACK, "true"));

    for (List<Descriptor> layers :
        List.of(
            List.of(signed, unpacked),
            List.of(signed),
            List.of(unpacked),
            List.of(archive),
            List.of(archive(new byte[1024])))) {
      put(config, "image", layers.toArray(new Descriptor[0]));
      assertThatThrownBy(() -> open("image"))
          .hasMessageContaining("it is a container image, as its config has the type " + type)
          .hasMessageContaining("push the model as an artifact of its own");
    }
  }

  /** Whoever reads the message knows which of the manifests it is about. */
  @Test
  void whatIsNoModelIsNamedByTagAndDigest() throws IOException {
    Descriptor bad =
        typed(RAW, registry.put(new byte[] {1}), Map.of(ModelLayers.FILE_PATH, "../w.bin"));
    OciDigest titled = tag("titled", bad);
    OciDigest none = index("none");
    OciDigest some =
        index(
            "some",
            Descriptor.of(MediaTypes.MANIFEST, titled, 10),
            Descriptor.of(MediaTypes.MANIFEST, bad.digest(), 10)
                .withArtifactType(Optional.of("application/vnd.test")));

    assertThatThrownBy(() -> open("titled"))
        .hasMessageStartingWith(registry.reference("@" + titled) + " (the tag titled): the layer ")
        .hasMessageContaining("'../w.bin'");
    assertThatThrownBy(() -> open("none"))
        .hasMessage(
            registry.reference("@" + none)
                + " (the tag none): it is an index without manifests, so there is no model in it; push"
                + " the model again, or name another tag");
    assertThatThrownBy(() -> open("some"))
        .hasMessage(
            registry.reference("@" + some)
                + " (the tag some): it is an index of manifests, not one model; name one of them:\n  "
                + registry.reference("@" + titled)
                + " (no platform is said)\n  "
                + registry.reference("@" + bad.digest())
                + " (application/vnd.test)");
  }

  private OciDigest index(String tag, Descriptor... manifests) {
    return registry.put(
        new dev.modelsigning.oci.internal.image.ImageIndex(List.of(manifests), Map.of()).toJson(),
        tag);
  }

  @Test
  void whatProgramsWriteBesideTheModel() throws IOException {
    Descriptor layer = file("w.bin", "weights");
    Descriptor code = registry.put("import os".getBytes(UTF_8));
    String kitops = "application/vnd.kitops.modelkit.config.v1+json";
    for (String key : List.of(ModelLayers.TITLE, ModelLayers.FILE_PATH, ModelLayers.UNPACK)) {
      Map<String, String> named = Map.of(key, key.equals(ModelLayers.UNPACK) ? "true" : "m.py");
      tag("layer", layer, typed(kitops, code, named));
      registry.put(
          new ImageManifest(
                  Optional.of(MediaTypes.MANIFEST),
                  Optional.empty(),
                  typed("application/vnd.cncf.model.config.v1+json", code, named),
                  List.of(layer),
                  Optional.empty(),
                  Map.of())
              .toJson(),
          "config");

      assertThatThrownBy(() -> open("layer")).hasMessageContaining("would write it to a file");
      assertThatThrownBy(() -> open("config")).hasMessageContaining("would write it to a file");
    }
    tag("two", layer, typed(kitops, code, Map.of()), typed(kitops, layer, Map.of()));
    assertThatThrownBy(() -> open("two")).hasMessageContaining("second one that describes");
  }

  /** Empty files need not be signed under shards, so nobody may call another one empty. */
  @Test
  void sizesThatAreNotThoseOfTheDigest() throws IOException {
    Descriptor code = registry.put("import os".getBytes(UTF_8));
    Descriptor none = registry.put(new byte[0]);
    Map<String, String> name = Map.of(ModelLayers.FILE_PATH, "m.py");
    tag("none", typed(RAW, Descriptor.of(RAW, code.digest(), 0), name));
    tag("some", typed(RAW, Descriptor.of(RAW, none.digest(), 9), name));
    tag("empty", typed(RAW, none, name));

    assertThatThrownBy(() -> open("none")).hasMessageContaining("has the size 0");
    assertThatThrownBy(() -> open("some")).hasMessageContaining("has the size 9");
    assertThat(hash(open("empty"), HashAlgorithm.SHA256).files()).isEqualTo(1);
  }

  @Test
  void aTagThatGoesIsAFindingAndNoFailure() throws IOException {
    OciDigest digest = tag("1", file("w.bin", "one"));
    try (OciModel model = open("1")) {
      registry.tags.clear();
      assertThat(model.movedTag().orElseThrow().message())
          .contains(digest.toString(), "not there any more");
      registry.close();
      assertThat(model.movedTag().orElseThrow().message()).contains("is not known");
    }
  }

  /** What is not there any more must not hide what is. */
  @Test
  void referrersThatAreGoneOrForgedCountForNothing() throws IOException {
    OciDigest model = tag("1", file("w.bin", "one"));
    OciDigest gone = OciDigest.of("gone".getBytes(UTF_8));
    OciDigest forged = OciDigest.of("forged".getBytes(UTF_8));
    registry.manifests.put(forged.toString(), registry.manifests.get(registry.tags.get("1")));
    registry.referrersApi = false;
    registry.put(
        new dev.modelsigning.oci.internal.image.ImageIndex(
                List.of(
                    Descriptor.of(MediaTypes.MANIFEST, gone, 10),
                    Descriptor.of(MediaTypes.MANIFEST, forged, 10)),
                Map.of())
            .toJson(),
        "sha256-" + model.hex());

    try (OciModel opened = open("1")) {
      assertThat(opened.referrers().find().findings())
          .hasSize(2)
          .allMatch(one -> one.rule().equals(OciRules.REFERRER_NOT_USED));
    }
  }

  @Test
  void referrersAreOpenedAndCheckedOneByOne() throws IOException {
    OciDigest one = tag("1", file("w.bin", "one"));
    OciDigest two = tag("2", file("w.bin", "two"));
    List<OciDigest> wrong = new ArrayList<>();
    for (String about : new String[] {two.toString(), ""}) {
      Optional<Descriptor> subject =
          about.isEmpty()
              ? Optional.empty()
              : Optional.of(Descriptor.of(MediaTypes.MANIFEST, OciDigest.parse(about), 10));
      wrong.add(
          registry.put(
              new ImageManifest(
                      Optional.of(MediaTypes.MANIFEST),
                      Optional.of(OciReferrers.BUNDLE_TYPE),
                      Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
                      List.of(
                          typed(
                              OciReferrers.BUNDLE_TYPE,
                              registry.put("{}".getBytes(UTF_8)),
                              Map.of())),
                      subject,
                      Map.of())
                  .toJson(),
              ""));
    }
    registry.referrersApi = false;
    registry.put(
        new dev.modelsigning.oci.internal.image.ImageIndex(
                wrong.stream()
                    .map(digest -> Descriptor.of(MediaTypes.MANIFEST, digest, 10))
                    .toList(),
                Map.of())
            .toJson(),
        "sha256-" + one.hex());

    try (OciModel model = open("1")) {
      Attachments found = model.referrers().find();
      assertThat(found.bundles()).isEmpty();
      assertThat(found.findings()).hasSize(2);
      assertThat(found.findings().get(0).message()).contains("refers to " + two);
      assertThat(found.findings().get(1).message()).contains("refers to nothing");
    }
  }
}
