package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program that is released, which signs its own release. */
@FunctionalInterface
interface Program {

  /**
   * Runs a command.
   *
   * @throws ReleaseException if its exit status is not 0
   */
  void run(List<String> arguments) throws IOException, ReleaseException, InterruptedException;

  /** The program in an executable jar, run by the Java that runs this. */
  static Program packaged(Path jar) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return arguments -> {
      List<String> command = new ArrayList<>(List.of(java, "-jar", jar.toString()));
      command.addAll(arguments);
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new ReleaseException(
            "model-signing " + arguments.get(0) + " ended with the exit status " + status);
      }
    };
  }
}
