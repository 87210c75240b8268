package dev.modelsigning.signing;

/**
 * How far it was checked whether certificates were revoked.
 *
 * @param byLists whether revocation lists were given
 * @param online whether the services were asked that the certificates name
 * @param unknownAllowed whether a certificate passes of which nobody can tell; means nothing where
 *     neither was done
 */
public record RevocationScope(boolean byLists, boolean online, boolean unknownAllowed) {

  /** Whether anything was checked. */
  public boolean isChecked() {
    return byLists || online;
  }

  /** The same in words, for people. */
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
