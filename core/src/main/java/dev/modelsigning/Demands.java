package dev.modelsigning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What was demanded of a model and its signature, beyond what OMS demands of all.
 *
 * @param strict whether everything must be signed but what is ignored here
 * @param ignoreUnsignedFiles whether unsigned content is only reported (OMS 8.5)
 * @param ignoreGitPaths whether git's own files at the root may be unsigned (OMS 6.2)
 * @param allowSymlinks whether links may be followed; empty if the signature says so (OMS 6.1.1)
 * @param ignorePaths paths in the model that may be unsigned, with all below them, in order
 * @param only paths in the model that were to be verified by themselves, in order; empty for all
 * @param signer who must have signed, as {@link dev.modelsigning.signing.BundleVerifier#expected()}
 *     says; empty if anybody will do who is trusted
 */
public record Demands(
    boolean strict,
    boolean ignoreUnsignedFiles,
    boolean ignoreGitPaths,
    Optional<Boolean> allowSymlinks,
    List<String> ignorePaths,
    List<String> only,
    Map<String, List<String>> signer) {

  /** Copies and sorts the paths, and copies the names. */
  public Demands {
    ignorePaths = List.copyOf(new TreeSet<>(ignorePaths));
    only = List.copyOf(new TreeSet<>(only));
    signer = Collections.unmodifiableMap(new LinkedHashMap<>(signer));
  }
}
