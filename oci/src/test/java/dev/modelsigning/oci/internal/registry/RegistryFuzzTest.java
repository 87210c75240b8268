package dev.modelsigning.oci.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.OciReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a registry sends is read or refused; nothing else happens, and not for long. */
class RegistryFuzzTest {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final int ROUNDS = 5_000;

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\"layers\":",
          "\"manifests\":[]",
          "\"config\":",
          "null",
          "-1",
          "1e9",
          "9223372036854775808",
          "\"sha512:ab\"",
          "\0",
          "\ud800",
          "\u202e",
          "Bearer ",
          "realm=",
          "=",
          "\\\"",
          " ",
          "oci://",
          "@",
          "/",
          "sha256:",
          "..",
          "__");

  private static byte[] manifest() {
    return RegistryTest.manifest(
            Optional.of(Descriptor.of(MediaTypes.MANIFEST, RegistryTest.bytes("subject"))), "a")
        .toJson();
  }

  private static byte[] index() {
    return new ImageIndex(List.of(Descriptor.of(MediaTypes.MANIFEST, manifest())), Map.of("a", "b"))
        .toJson();
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            manifest(),
            index(),
            RegistryTest.bytes("Bearer realm=\"https://x/\",service=\"y\",scope=\"a:b:c\", Basic"),
            RegistryTest.bytes("oci://host:5000/team/model:v1@sha256:" + "a".repeat(64)))
        .map(seed -> Arguments.of((Object) seed));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsOrRefusesWhatIsSent(byte[] bytes) {
    boolean manifest = isManifest(bytes);
    boolean index = isIndex(bytes);
    // What is one of them must never be taken for the other.
    assertThat(manifest && index).isFalse();
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (Challenge challenge : Challenge.read(List.of(text))) {
      assertThat(challenge.scheme()).matches("[a-z][a-z0-9_-]*");
    }
    try {
      OciReference reference = OciReference.parse(text);
      assertThat(OciReference.parse(reference.toString())).isEqualTo(reference);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("oci://HOST");
    }
  }

  private static boolean isManifest(byte[] bytes) {
    try {
      ImageManifest read = ImageManifest.read(bytes);
      ImageManifest again = ImageManifest.read(read.toJson());
      assertThat(again.layers()).isEqualTo(read.layers());
      assertThat(again.subject()).isEqualTo(read.subject());
      assertThat(again.annotations()).isEqualTo(read.annotations());
      return true;
    } catch (MalformedImageException e) {
      assertThat(e.getMessage()).startsWith("manifest: ");
      return false;
    }
  }

  private static boolean isIndex(byte[] bytes) {
    try {
      ImageIndex read = ImageIndex.read(bytes);
      // One with entries that cannot be used is not written again, as they would be lost.
      if (read.unusable().isEmpty()) {
        assertThat(ImageIndex.read(read.toJson())).isEqualTo(read);
      } else {
        Assertions.assertThrows(IllegalStateException.class, read::toJson);
      }
      return true;
    } catch (MalformedImageException e) {
      assertThat(e.getMessage()).startsWith("index: ");
      return false;
    }
  }

  @Test
  void readsOrRefusesWhatIsBrokenAtRandom() {
    Random random = new Random(20261126);
    List<byte[]> seeds = seeds().map(each -> (byte[]) each.get()[0]).toList();
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text =
                new StringBuilder(
                    new String(seeds.get(round % seeds.size()), StandardCharsets.UTF_8));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
              int at = random.nextInt(text.length() + 1);
              int end = Math.min(text.length(), at + random.nextInt(20));
              text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            }
            readsOrRefusesWhatIsSent(text.toString().getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
