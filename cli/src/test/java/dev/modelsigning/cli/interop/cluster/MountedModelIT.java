package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.WithOciPeers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a stranger makes of a signed model: manifests with the layers that were signed, and the very
 * signature of the team, of which a runtime would have other files.
 */
@WithOciPeers
@OnOneJdk
class MountedModelIT {

  private static final String IMAGE = "application/vnd.oci.image.config.v1+json";
  private static final String MODEL = "application/vnd.cncf.model.config.v1+json";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";
  private static final String TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";

  @TempDir private static Path place;
  private static ClusterScene scene;
  private static Webhook webhook;
  private static ForgedModels forged;

  @BeforeAll
  static void start() throws Exception {
    scene = new ClusterScene(place.resolve("scene"));
    forged = new ForgedModels(scene, scene.pushSigned("fraud/v3", "team"));
    webhook = new Webhook(place.resolve("webhook"), scene.options());
  }

  @AfterAll
  static void end() {
    if (webhook != null) {
      webhook.close();
    }
    if (scene != null) {
      scene.close();
    }
  }

  private static String ask(String model) throws Exception {
    HttpResponse<String> answer = webhook.review(WebhookIT.review(scene.registry.reference(model)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** What a runtime would unpack, if it unpacked the image. */
  private static String config() {
    return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\","
        + "\"diff_ids\":[\"sha256:"
        + "ab".repeat(32)
        + "\"]}}";
  }

  private static String unsigned(String type, String name) throws Exception {
    return forged.layer(type, name, "not signed: " + name);
  }

  /** The signature counts for the copy, so that it is the forgery that is refused below. */
  @Test
  void aCopyOfTheManifestWithTheSignatureIsAdmitted() throws Exception {
    assertThat(ask(forged.push(MODEL, "{}", forged.signed(RAW)))).contains("\"allowed\":true");
    // As oras pushes a file.
    assertThat(ask(forged.push(EMPTY, "{}", forged.signed(TAR_GZIP)))).contains("\"allowed\":true");
  }

  @ParameterizedTest
  @ValueSource(strings = {IMAGE, "application/vnd.docker.container.image.v1+json"})
  void refusesAContainerImage(String type) throws Exception {
    for (List<String> layers :
        List.of(
            List.of(forged.signed(RAW)),
            List.of(forged.signed(TAR_GZIP)),
            List.of(forged.signed(RAW), unsigned(TAR_GZIP, ".git/x")))) {
      String model = forged.push(type, config(), layers.toArray(new String[0]));
      assertThat(ask(model))
          .contains("\"allowed\":false")
          .contains("it is a container image, as its config has the type " + type)
          .contains("push the model as an artifact of its own");

      Invocation.of(
              "verify", "key", scene.reference(model), "--public-key", scene.publicKey("team"))
          .assertFailed("Verification failed with error", "it is a container image");
    }
  }

  /** Containerd takes the layers that it unpacks from the config, whatever its type is. */
  @Test
  void refusesLayersThatTheConfigCouldHaveUnpacked() throws Exception {
    assertThat(ask(forged.push(MODEL, config(), forged.signed(TAR_GZIP))))
        .contains("\"allowed\":false")
        .contains("has a type that container runtimes unpack (" + TAR_GZIP + ")");
  }

  /** They are left out by default, and a pod can mount them alone. */
  @ParameterizedTest
  @ValueSource(strings = {".git/x", ".github/x", ".gitignore", ".gitattributes"})
  void refusesFilesThatTheSignatureLeavesOut(String name) throws Exception {
    String model = forged.push(MODEL, "{}", forged.signed(RAW), unsigned(RAW, name));

    assertThat(ask(model))
        .contains("\"allowed\":false")
        .contains("it has '" + name.split("/", 2)[0] + "', which the signature does not cover")
        .contains("next: push the model without it");
    // A copy is without it.
    Path copy = place.resolve("copy" + name.replace('/', '-'));
    Invocation.of(
            "verify",
            "key",
            scene.reference(model),
            "--public-key",
            scene.publicKey("team"),
            "--pull",
            copy)
        .assertSucceeded();
    try (var files = Files.list(copy)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("weights.bin");
    }
  }

  /** A runtime that mounts artifacts names it by its digest. */
  @Test
  void refusesADescriptionForAnotherProgram() throws Exception {
    String model =
        forged.push(
            MODEL,
            "{}",
            forged.signed(RAW),
            unsigned("application/vnd.kitops.modelkit.config.v1+json", ""));

    assertThat(ask(model))
        .contains("\"allowed\":false")
        .contains("is no file of the model, which the signature does not cover");
  }
}
