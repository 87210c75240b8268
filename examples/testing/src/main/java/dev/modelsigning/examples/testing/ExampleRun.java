package dev.modelsigning.examples.testing;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that ran in a JVM of its own.
 *
 * @param status its exit status
 * @param output what it printed, to both streams
 * @param loaded a line for each class that was loaded
 */
public record ExampleRun(int status, String output, String loaded) {

  /** Seconds, for the slowest machine. */
  private static final int GUARD = 120;

  /**
   * Runs a program with the options and the class path of this JVM.
   *
   * @param directory where it runs; what it prints goes to files in there
   * @param program its class
   * @param arguments its arguments
   */
  public static ExampleRun of(Path directory, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Path loaded = directory.resolve("loaded.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-D") || option.startsWith("--enable-native-access"))
        .forEach(command::add);
    command.add("-Xlog:class+load:file=" + loaded.getFileName());
    command.add("-cp");
    command.add(absoluteClassPath());
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GUARD, TimeUnit.SECONDS)) {
        throw new IOException("did not end: " + Files.readString(output));
      }
      return new ExampleRun(
          process.exitValue(), Files.readString(output), Files.readString(loaded));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether the runtime for ONNX was started, which loads its native code. */
  public boolean startedOnnxRuntime() {
    return hasLoaded("ai.onnxruntime.OnnxRuntime");
  }

  /** Whether the native code of DJL's tokenizers was loaded. */
  public boolean startedTokenizers() {
    return hasLoaded("ai.djl.huggingface.tokenizers.jni.LibUtils");
  }

  private boolean hasLoaded(String name) {
    return loaded.contains(" " + name + " ");
  }

  private static String absoluteClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
