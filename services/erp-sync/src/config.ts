import { Type } from 'typebox'

export const config = Type.Object({
  ERP_URL: Type.String({ pattern: '^https?://', description: "the ERP's API, such as https://erp.example/api" }),
  ERP_CONNECTIONS: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 1_000,
    description: 'at most so many requests at a time, each on a connection of its own',
  }),
})
