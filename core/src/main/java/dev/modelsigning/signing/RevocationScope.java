package dev.modelsigning.signing;

/**
 * The extent of a revocation check.
 *
 * @param byLists whether CRLs were given
 * @param online whether the services that the certificates name were queried
 * @param unknownAllowed whether a certificate of unknown status is accepted; without meaning if
 *     neither check was made
 */
public record RevocationScope(boolean byLists, boolean online, boolean unknownAllowed) {

  /** Whether revocation was checked at all. */
  public boolean isChecked() {
    return byLists || online;
  }

  /** The extent in words, for people. */
  @Override
  public String toString() {
    if (!isChecked()) {
      return "not checked";
    }
    return "checked "
        + (byLists ? "by the lists given" : "")
        + (byLists && online ? " and " : "")
        + (online ? "online" : "")
        + (unknownAllowed ? ", unknown status allowed" : "");
  }
}
