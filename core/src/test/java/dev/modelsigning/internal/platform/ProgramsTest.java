package dev.modelsigning.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How other programs are located, and what they receive. */
@DisabledOnOs(OS.WINDOWS)
class ProgramsTest {

  @TempDir private Path directory;

  private Path program(Path where, String permissions) throws IOException {
    Files.createDirectories(where);
    Path file = Files.writeString(where.resolve("tool"), "#!/bin/sh\npwd; env\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void searchesOnlyAbsoluteElementsOfThePath() throws IOException {
    Path here = Files.createTempDirectory(Path.of("").toAbsolutePath(), "relative");
    try {
      program(here, "rwxr-xr-x");
      String relative = here.getFileName().toString();
      for (String path : List.of(relative, "./" + relative, relative + "::.:", "", ":", "?")) {
        assertThat(Programs.find("tool", Map.of("PATH", path))).isEmpty();
      }
      Path tool = program(directory, "rwxr-xr-x");
      assertThat(Programs.find("tool", Map.of("PATH", relative + "::" + directory))).contains(tool);
      assertThat(Programs.find("tool", Map.of("PATH", "" + here))).isPresent();
    } finally {
      Files.delete(here.resolve("tool"));
      Files.delete(here);
    }
  }

  @Test
  void passesOverWhatCannotBeRun() throws IOException {
    program(directory.resolve("a"), "rw-r--r--");
    Files.createDirectories(directory.resolve("b/tool"));
    Path tool = program(directory.resolve("c"), "rwxr-xr-x");
    String path = String.join(":", directory + "/a", directory + "/b", directory + "/c");
    assertThat(Programs.find("tool", Map.of("PATH", path))).contains(tool);
    assertThat(Programs.find("tool", Map.of())).isEmpty();
  }

  @Test
  void givesAChildWhatItNeedsAndNoSecret() throws Exception {
    Map<String, String> environment = new HashMap<>();
    ChildEnvironment.SECRETS.forEach(name -> environment.put(name, "SECRET"));
    for (String name : List.of("OTHER_ID_TOKEN", "AWS_SECRET_ACCESS_KEY", "MY_PIN", "JAVA_OPTS")) {
      environment.put(name, "SECRET");
    }
    environment.put("HTTPS_PROXY", "http://user:SECRET@proxy:80");
    environment.put("HTTP_PROXY", "http://proxy:80");
    environment.put("PATH", "relative::" + directory + ":.");
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("AGENT_TOKEN", "own");
    Path tool = program(directory, "rwxr-xr-x");

    Map<String, String> child =
        ChildEnvironment.of(
            environment, List.of("AGENT_*", "OTHER_*", "PKCS11_PIN", "MODEL_SIGNING_*"));
    Process process = Programs.prepare(List.of(tool.toString()), child).start();
    String seen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(seen)
        .startsWith("/\n")
        .contains("AGENT_TOKEN=own", "LC_ALL=C.UTF-8", "HTTP_PROXY=http://proxy:80")
        .contains("PATH=" + directory + ":/usr/bin:/bin\n")
        .doesNotContain("SECRET");
  }

  @Test
  void startsNothingByARelativePath() {
    assertThatThrownBy(() -> Programs.prepare(List.of("tool"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
