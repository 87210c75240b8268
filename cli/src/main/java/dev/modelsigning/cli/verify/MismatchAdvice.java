package dev.modelsigning.cli.verify;

import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Selection;
import dev.modelsigning.report.Amounts;
import java.util.ArrayList;
import java.util.List;

/**
 * Advice about differences that are caused by the location of a model instead of a change to it. It
 * only affects messages: the model still differs.
 */
final class MismatchAdvice {

  /** The link at the top of a Kubernetes volume. */
  private static final String VOLUME_DATA = "..data";

  private MismatchAdvice() {}

  /**
   * Returns the advice.
   *
   * @param signature the name of the signature's file; empty if it has none
   * @param mayFollowLinks whether links would be followed if the signer had allowed it
   */
  static List<String> of(ManifestDiff differences, String signature, boolean mayFollowLinks) {
    List<String> advice = new ArrayList<>();
    differences.extra().stream()
        .map(ManifestDiff.Extra::name)
        .filter(name -> isTimestamps(name, signature))
        .forEach(name ->
            advice.add(
                name
                    + " has time stamps of a signature, and is not signed itself: move it out of"
                    + " the model together with its signature, and give the new place with"
                    + " --signature."));
    for (String path : Selection.HUGGING_FACE_PATHS) {
      long notes =
          differences.extra().stream()
              .filter(extra -> extra.name().equals(path) || extra.name().startsWith(path + "/"))
              .count();
      if (notes > 0) {
        advice.add(
            Amounts.of(notes, "unsigned file")
                + " in "
                + path
                + ", where 'hf download' keeps its notes, may be left out with --ignore-paths "
                + path
                + "; nothing there is verified then.");
      }
    }
    boolean volume =
        differences.extra().stream()
            .anyMatch(extra ->
                extra.name().equals(VOLUME_DATA) && extra.kind() == EntryKind.DIRECTORY_LINK);
    if (volume) {
      advice.add(
          "This looks like a volume of Kubernetes (ConfigMap, Secret, projected):"
              + " verify it with --kubernetes-volume.");
      return advice;
    }
    long links =
        differences.changed().stream()
            .filter(changed -> changed.found().equals(EntryKind.SYMBOLIC_LINK.toString()))
            .count();
    if (links > 0 && mayFollowLinks) {
      advice.add(
          (links == 1 ? "1 signed file is a symbolic link" : links + " signed files are links")
              + " here, and links count only where the signer said so (sign --allow-symlinks)."
              + " Verify a copy with the files themselves, as from 'cp -RL' or"
              + " 'hf download --local-dir'.");
    }
    return advice;
  }

  /** Whether a file is named as those are that {@code timestamp add} writes. */
  private static boolean isTimestamps(String path, String signature) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.endsWith(".sig" + LaterTimestamps.SUFFIX)
        || (!signature.isEmpty() && name.equals(signature + LaterTimestamps.SUFFIX));
  }
}
