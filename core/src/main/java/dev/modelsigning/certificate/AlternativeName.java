package dev.modelsigning.certificate;

import dev.modelsigning.signing.SubjectName;
import java.util.Arrays;
import java.util.Optional;

/**
 * A name in a certificate beside its subject (RFC 5280 4.2.1.6).
 *
 * @param type what kind of name it is
 * @param value the name
 */
record AlternativeName(Type type, String value) {

  /** The kinds of names that signers are called by. */
  enum Type {
    EMAIL(1, SubjectName.Kind.EMAIL),
    HOST(2, SubjectName.Kind.HOST),
    URI(6, SubjectName.Kind.URI);

    private final int tag;
    private final SubjectName.Kind kind;

    Type(int tag, SubjectName.Kind kind) {
      this.tag = tag;
      this.kind = kind;
    }

    /** The type with a tag of {@code GeneralName}; empty if it is another. */
    static Optional<Type> of(int tag) {
      return Arrays.stream(values()).filter(type -> type.tag == tag).findFirst();
    }

    /** What kind of name a text is written as. */
    static Type asWritten(String text) {
      if (text.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
        return URI;
      }
      return text.indexOf('@') < 0 ? HOST : EMAIL;
    }
  }

  /** The same name for those who read verdicts. */
  SubjectName asSubjectName() {
    return new SubjectName(type.kind, value);
  }

  /** Whether nobody can take it for a name of another kind. */
  boolean looksLikeItsType() {
    // With an equals sign it could be read as a distinguished name.
    return Type.asWritten(value) == type && (type == Type.URI || value.indexOf('=') < 0);
  }
}
