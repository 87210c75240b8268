package dev.modelsigning.cli;

import dev.modelsigning.hostile.HostileBundles;
import dev.modelsigning.hostile.HostileBundlesBenchmark;
import dev.modelsigning.hostile.HostileCertificates;
import dev.modelsigning.hostile.HostileInput;
import dev.modelsigning.hostile.HostileStatements;
import dev.modelsigning.hostile.Measurement;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures the command {@code inspect}; see {@code bench/README.md}. */
public final class HostileInspectBenchmark {

  private HostileInspectBenchmark() {}

  /** Prints a table; arguments as of {@link HostileBundlesBenchmark}. */
  public static void main(String[] args) throws Exception {
    Measurement measurement = HostileBundlesBenchmark.of(args);
    measurement.printHead("`inspect`, a bundle of anybody");
    List<HostileInput> inputs = new ArrayList<>(HostileBundles.all());
    HostileStatements.all().forEach(statement -> inputs.add(HostileBundles.unsigned(statement)));
    inputs.addAll(HostileCertificates.all());
    Path file = Files.createTempFile("hostile", ".sig");
    try {
      for (HostileInput input : inputs) {
        measurement.run(
            input,
            json -> {
              Files.write(file, json);
              return inspect(file);
            });
      }
    } finally {
      Files.delete(file);
    }
  }

  private static String inspect(Path file) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        Main.run(
            new String[] {"inspect", file.toString()},
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8),
            Map.of());
    return "status " + status + " " + errors.toString(StandardCharsets.UTF_8);
  }
}
