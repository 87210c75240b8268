package dev.modelsigning.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that belong to a pod, as the kernel shows their mounts. */
class PodVolumeTest {

  private static final String POD = "/pods/0f2c6b1e-58a4-4f0e-9a57-3d1c5b9e7a10/";
  private static final String EMPTY_DIR = POD + "volumes/kubernetes.io~empty-dir/models";

  private static String mount(String root, String point) {
    return "1543 1531 8:1 " + root + " " + point + " rw,relatime - ext4 /dev/sda1 rw";
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/lib/kubelet" + EMPTY_DIR, EMPTY_DIR})
  void isAnEmptyDirWhereverTheKubeletHasIts(String root) {
    assertThat(PodVolume.is("/models", List.of(mount("/", "/"), mount(root, "/models")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/srv/models",
        POD + "volumes/kubernetes.io~host-path/models",
        POD + "volumes/kubernetes.io~empty-dir/models/below",
        POD + "volumes/kubernetes.io~empty-dir/",
        POD + "volume-subpaths/models/server/0",
        "/pods/x/volumes/kubernetes.io~empty-dir/models",
        "/kubernetes.io~empty-dir/models"
      })
  void isNoOtherVolume(String root) {
    assertThat(PodVolume.is("/models", List.of(mount(root, "/models")))).isFalse();
  }

  @Test
  void isNoDirectoryBelowOrBesideIt() {
    List<String> mounts = List.of(mount(EMPTY_DIR, "/models"));
    assertThat(PodVolume.is("/models/below", mounts)).isFalse();
    assertThat(PodVolume.is("/model", mounts)).isFalse();
    assertThat(PodVolume.is("/", mounts)).isFalse();
  }

  @Test
  void isNoneWhereSomethingElseIsMountedOverIt() {
    assertThat(
            PodVolume.is("/models", List.of(mount(EMPTY_DIR, "/models"), mount("/srv", "/models"))))
        .isFalse();
  }

  @Test
  void isNoneWithoutAMount(@TempDir Path directory) {
    assertThat(PodVolume.is(directory)).isFalse();
    assertThat(PodVolume.is("/models", List.of("", "what is no line of the kernel"))).isFalse();
  }
}
