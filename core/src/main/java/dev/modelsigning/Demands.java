package dev.modelsigning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The requirements that a verification imposed on a model and its signature, beyond what OMS
 * requires of every model.
 *
 * @param strict whether every file must be signed except those ignored by {@code ignorePaths} and
 *     {@code ignoreGitPaths}
 * @param ignoreUnsignedFiles whether unsigned content is only reported (OMS 8.5)
 * @param ignoreGitPaths whether git's own files at the root may be unsigned (OMS 6.2)
 * @param allowSymlinks whether links may be followed; empty if the signature decides (OMS 6.1.1)
 * @param ignorePaths paths in the model that may be unsigned, including everything below them,
 *     sorted
 * @param only paths in the model to which verification was restricted, sorted; empty for the whole
 *     model
 * @param signer the required signer, in the form of {@link
 *     dev.modelsigning.signing.BundleVerifier#expected()}; empty if any trusted signer is accepted
 */
public record Demands(
    boolean strict,
    boolean ignoreUnsignedFiles,
    boolean ignoreGitPaths,
    Optional<Boolean> allowSymlinks,
    List<String> ignorePaths,
    List<String> only,
    Map<String, List<String>> signer) {

  /** Sorts and copies the paths, and copies the map. */
  public Demands {
    ignorePaths = List.copyOf(new TreeSet<>(ignorePaths));
    only = List.copyOf(new TreeSet<>(only));
    signer = Collections.unmodifiableMap(new LinkedHashMap<>(signer));
  }
}
