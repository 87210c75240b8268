package dev.modelsigning.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests of {@code examples/kubernetes} promise, each of them. */
class ManifestsTest {

  static List<String> names() throws IOException {
    return Manifest.files().stream().map(file -> file.getFileName().toString()).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void runsWithoutRights(String name) throws IOException {
    Manifest manifest = Manifest.read(name);
    Map<?, ?> user = Manifest.map(manifest.pod(), "securityContext");
    assertThat(user.get("runAsNonRoot")).isEqualTo(true);
    assertThat(user.get("runAsUser")).isEqualTo(65532);
    assertThat(Manifest.map(user, "seccompProfile").get("type")).isEqualTo("RuntimeDefault");
    for (String kind : List.of("initContainers", "containers")) {
      for (Map<?, ?> container : manifest.containers(kind)) {
        Map<?, ?> context = Manifest.map(container, "securityContext");
        assertThat(context.get("allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(context.get("readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(Manifest.map(context, "capabilities").get("drop")).isEqualTo(List.of("ALL"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void verifiesInLittleMemoryWithAMessage(String name) throws IOException {
    List<Map<?, ?>> containers = Manifest.read(name).containers("initContainers");
    assertThat(containers).isNotEmpty();
    for (Map<?, ?> container : containers) {
      assertThat(Manifest.map(Manifest.map(container, "resources"), "limits").get("memory"))
          .isEqualTo("128Mi");
      assertThat(container.get("terminationMessagePolicy")).isEqualTo("FallbackToLogsOnError");
      assertThat(Manifest.list(container, "args").toString())
          .contains("--termination-log", "/dev/termination-log", "--format", "json");
    }
  }

  /** Who loads the model cannot change it, and neither can who verifies it where it is. */
  @ParameterizedTest
  @MethodSource("names")
  void mountsVolumesThatThereAre(String name) throws IOException {
    Manifest manifest = Manifest.read(name);
    Set<Object> volumes =
        Manifest.list(manifest.pod(), "volumes").stream()
            .<Object>map(volume -> ((Map<?, ?>) volume).get("name"))
            .collect(Collectors.toSet());
    for (String kind : List.of("initContainers", "containers")) {
      for (Map<?, ?> container : manifest.containers(kind)) {
        boolean fetches =
            Manifest.list(container, "args").toString().matches("(?s).*(--pull|--copy-to).*");
        for (Object each : Manifest.list(container, "volumeMounts")) {
          Map<?, ?> mount = (Map<?, ?>) each;
          assertThat(volumes).contains((Object) mount.get("name"));
          boolean written = fetches && mount.get("name").equals("models");
          assertThat(Boolean.TRUE.equals(mount.get("readOnly")))
              .as("%s: %s", container.get("name"), mount)
              .isEqualTo(!written);
        }
      }
    }
  }

  @Test
  void isAsTheDocumentationShowsIt() throws IOException {
    Path root = Path.of(System.getProperty("modelsigning.root"));
    String page = Files.readString(root.resolve("docs/kubernetes.md"));
    String[] blocks = page.split("```yaml\n", -1);
    assertThat(blocks).hasSize(2);
    assertThat(root.resolve("examples/kubernetes/volume.yaml"))
        .content()
        .contains(blocks[1].substring(0, blocks[1].indexOf("```")));
  }

  @ParameterizedTest
  @MethodSource("names")
  void isNamedInTheDocumentation(String name) throws IOException {
    Path page = Path.of(System.getProperty("modelsigning.root"), "docs/kubernetes.md");
    assertThat(Files.readString(page)).contains("../examples/kubernetes/" + name);
  }
}
