package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.Path;

/** Tells claims files from signature files. */
final class ClaimsFileName {

  private ClaimsFileName() {}

  /**
   * Whether a file has claims: by its name, or, if other tools wrote it ({@code *.sigstore.json}),
   * by the statement in it.
   */
  static boolean isOne(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".jsonl")) {
      return true;
    }
    if (!name.endsWith(".sigstore.json")) {
      return false;
    }
    try {
      return isOne(name, Bundle.read(file));
    } catch (MalformedBundleException e) {
      return false; // reported when it is inspected as a signature
    }
  }

  /** Whether a bundle that other tools wrote is a claim. */
  static boolean isOne(String name, Bundle bundle) {
    if (!name.endsWith(".sigstore.json")) {
      return false;
    }
    try {
      AttestedStatement.readUnverified(bundle);
      return true;
    } catch (MalformedBundleException e) {
      // A signature of a model, or something that is reported when it is inspected as one.
      return false;
    }
  }
}
