package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PKCS #11 module in C that does what no module should, compiled on the spot. */
public final class HostileModule {

  private HostileModule() {}

  /** For {@code EnabledIf}: whether there is a compiler for it. */
  public static boolean canBeCompiled() {
    return System.getProperty("os.name").equals("Linux")
        && Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "cc")));
  }

  /**
   * Compiles it.
   *
   * @param directory where
   * @param what the macro that says what it does, such as {@code HANG_IN_INITIALIZE}
   */
  public static Path compile(Path directory, String what) throws IOException, InterruptedException {
    Path source = directory.resolve("hostile.c");
    try (var in = HostileModule.class.getResourceAsStream("hostile.c")) {
      Files.write(source, in.readAllBytes());
    }
    Path module = directory.resolve("hostile-" + what + ".so");
    Process process =
        new ProcessBuilder(
                "cc", "-shared", "-fPIC", "-D" + what, "-o", module.toString(), source.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return module;
  }
}
