export { answersTable } from './answers-table.ts'
export { openapiDocument } from './document.ts'
