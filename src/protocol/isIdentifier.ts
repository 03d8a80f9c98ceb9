const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u

/** True for a name that CSDL allows for a property or a parameter (CSDL XML 17.2, SimpleIdentifier). */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name)
}
