package dev.modelsigning.signing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who signed, as far as the method can tell.
 *
 * @param method the signing method (OMS 4.1): {@code key}, {@code certificate} or {@code sigstore}
 * @param name what names the signer in one line
 * @param details more about the signer, in the order in which to show it; the names are in camel
 *     case, such as {@code notBefore}
 */
public record SignerIdentity(String method, String name, Map<String, String> details) {

  /** Copies the details and keeps their order. */
  public SignerIdentity {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }
}
