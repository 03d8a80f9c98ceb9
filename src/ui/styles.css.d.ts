// Shipped beside styles.css: TypeScript 6 wants a declaration for what is imported for its effect alone.
export {}
