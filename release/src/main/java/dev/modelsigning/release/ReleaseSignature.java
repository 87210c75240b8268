package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The signature over the directory of a release (OMS), which the released program makes. */
final class ReleaseSignature {

  /** The signature over the provenance, which the signature over the directory covers. */
  static final String PROVENANCE = "provenance.sigstore.json";

  private static final String FILE = "model.sig";

  private final String method;
  private final Path directory;
  private final Program program;

  /**
   * A signature that is still to be made.
   *
   * @param method the command of {@code sign} and {@code verify}
   */
  ReleaseSignature(String method, Path directory, Program program) {
    this.method = method;
    this.directory = directory;
    this.program = program;
  }

  /** Signs with these options, and verifies with those. */
  void make(List<String> signing, List<String> verifying)
      throws IOException, ReleaseException, InterruptedException {
    run("sign", List.of(), signing);
    run("verify", List.of("--strict"), verifying);
  }

  private void run(String command, List<String> more, List<String> options)
      throws IOException, ReleaseException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(command, method, "--quiet"));
    arguments.addAll(more);
    arguments.add("--signature=" + directory.resolve(FILE));
    arguments.addAll(options);
    arguments.add(directory.toString());
    program.run(arguments);
  }
}
