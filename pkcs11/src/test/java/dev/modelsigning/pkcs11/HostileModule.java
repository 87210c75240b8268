package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.testing.Fifos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PKCS #11 module in C that violates the specification, compiled by the test. */
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
    if (what.startsWith("HANG_") && !Files.exists(hanging(module))) {
      Fifos.make(hanging(module));
    }
    Process process =
        new ProcessBuilder(
                "cc",
                "-shared",
                "-fPIC",
                "-D" + what,
                "-DHANGING=\"" + hanging(module) + "\"",
                "-o",
                module.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return module;
  }

  /** The FIFO in which a module that is going to hang says so. */
  private static Path hanging(Path module) {
    return Path.of(module + ".hangs");
  }

  /** Waits until a module is called that never comes back from it. */
  public static void awaitHanging(Path module) throws IOException {
    SmallFile.read(hanging(module), FileKind.PIN); // nothing is written, but the reader is released
  }
}
